// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the settings of destinations: what they may be, how they are stored, changed and shown, and
 * the snapshot that the worker gets. It refuses to show a signing key twice and to answer a change
 * before Kafka has it.
 */
@ApplicationModule(
    allowedDependencies = {"access", "problem", "tenant", "outbox", "audit", "credential", "grant"})
@NullMarked
package dev.postrider.api.destination;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
