// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** Whether a destination is served, and if not, why. */
public enum DestinationStatus {
  /** It is served. */
  ACTIVE,
  /** An admin switched it off. */
  DISABLED,
  /** It answered 410. */
  GONE,
  /** It was switched off after days of nothing but failures. */
  FAILING
}
