// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Talks to the issuers of destinations' tokens: sends people there to agree, takes in what they
 * come back with, and renews it in time. It refuses to follow a redirect, to let a state be used
 * twice, and to give up a grant for anything that may pass.
 */
@ApplicationModule(
    allowedDependencies = {
      "access",
      "problem",
      "tenant",
      "audit",
      "credential",
      "grant",
      "destination",
      "outbox"
    })
@NullMarked
package dev.postrider.api.oauth;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
