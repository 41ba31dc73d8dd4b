// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns publishing over REST and reading an event back: the four forms in which an event may come,
 * and the one in which it is shown. It refuses to touch the data between them, and to say accepted
 * before Kafka did; a request that is repeated under its key gets the answer that it had.
 */
@ApplicationModule(
    allowedDependencies = {
      "access",
      "problem",
      "tenant",
      "kafka",
      "limit",
      "catalogue",
      "delivery"
    })
@NullMarked
package dev.postrider.api.event;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
