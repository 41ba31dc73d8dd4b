// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the connection to Kafka: topics checked at start, records written with every
 * acknowledgement, single records read back. It refuses to block an event loop and to say stored
 * before Kafka did.
 */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.postrider.api.kafka;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
