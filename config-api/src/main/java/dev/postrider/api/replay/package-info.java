// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what people order about deliveries: retry, cancel, replay. Each order is a run of the
 * delivery with a higher number, written to {@code postrider.deliveries}; it refuses to send, and
 * to say that something was done before Kafka has the order.
 */
@ApplicationModule(
    allowedDependencies = {
      "access",
      "audit",
      "delivery",
      "destination",
      "event",
      "kafka",
      "limit",
      "outbox",
      "listing",
      "problem",
      "tenant"
    })
@NullMarked
package dev.postrider.api.replay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
