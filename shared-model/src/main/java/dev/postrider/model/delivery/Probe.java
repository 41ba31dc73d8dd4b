// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.destination.Destination;
import java.time.Instant;

/**
 * One request outside the ordinary ways, for somebody who waits to see what comes of it. Whatever
 * it comes to, it is neither retried nor counted nor recorded.
 *
 * @param destination as it is to be sent to, whatever the worker knows of it
 * @param delivery what to send
 * @param expires when nobody waits any more
 */
public record Probe(Destination destination, Delivery delivery, Instant expires) {}
