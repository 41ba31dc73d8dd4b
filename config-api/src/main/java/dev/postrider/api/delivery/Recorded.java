// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.model.delivery.Report;

/**
 * A report and where it stood.
 *
 * @param offset in its partition of the outcomes topic, which is the same for all reports of a
 *     delivery
 */
record Recorded(Report report, long offset) {}
