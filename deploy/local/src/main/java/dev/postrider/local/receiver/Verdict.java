// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a receiver makes of a signature. */
enum Verdict {
  @JsonProperty("valid")
  VALID,
  @JsonProperty("invalid")
  INVALID,
  /** The request carries none. */
  @JsonProperty("missing")
  MISSING,
  /** The inbox has not been told the key. */
  @JsonProperty("no_key")
  NO_KEY
}
