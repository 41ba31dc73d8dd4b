// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

/** What a receiver makes of a signature. */
enum Verdict {
  VALID,
  INVALID,
  /** The request carries none. */
  MISSING,
  /** The inbox has not been told the key. */
  NO_KEY
}
