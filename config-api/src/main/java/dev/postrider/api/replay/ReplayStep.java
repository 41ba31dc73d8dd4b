// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.model.delivery.Delivery;
import java.util.List;

/**
 * A stretch of a replay.
 *
 * @param orders to be written
 * @param skipped how many more there were whose payload is past retention
 * @param next where it goes on
 */
record ReplayStep(List<Delivery> orders, int skipped, ReplayCursor next) {}
