// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.model.delivery.Report;

/**
 * A report and where it stood.
 *
 * @param position in the outcomes topic; grows with the reports of a delivery
 */
record Recorded(Report report, long position) {}
