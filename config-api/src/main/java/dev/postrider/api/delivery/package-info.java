// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what became of events: records what the worker reports and shows it. It refuses to count an
 * attempt twice, to forget one, and to keep payloads.
 */
@ApplicationModule(
    allowedDependencies = {
      "access",
      "listing",
      "problem",
      "tenant",
      "limit",
      "kafka",
      "destination",
      "grant"
    })
@NullMarked
package dev.postrider.api.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
