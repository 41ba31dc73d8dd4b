// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** How we prove to the receiver who we are, beside the signature. */
public sealed interface Authentication {

  /** We do not. */
  record None() implements Authentication {}
}
