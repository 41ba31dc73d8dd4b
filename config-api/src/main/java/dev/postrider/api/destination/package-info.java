// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns destinations: how they are stored, changed and shown, what is kept beside their settings,
 * and the snapshot that the worker gets. It refuses to show a signing key twice and to answer a
 * change before Kafka has it.
 */
@ApplicationModule(
    allowedDependencies = {
      "access",
      "listing",
      "problem",
      "tenant",
      "limit",
      "outbox",
      "audit",
      "credential",
      "grant",
      "settings"
    })
@NullMarked
package dev.postrider.api.destination;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
