// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the way of a stored change to Kafka: in order, exactly as committed, as often as it takes.
 * It refuses to be called without the transaction that makes the change.
 */
@ApplicationModule(allowedDependencies = {"tenant", "kafka"})
@NullMarked
package dev.postrider.api.outbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
