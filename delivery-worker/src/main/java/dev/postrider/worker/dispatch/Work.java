// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import dev.postrider.model.delivery.Delivery;
import java.time.Instant;

/**
 * A delivery in the dispatcher's hands.
 *
 * @param since when it was taken
 */
record Work(Delivery delivery, Claim claim, Instant since) {}
