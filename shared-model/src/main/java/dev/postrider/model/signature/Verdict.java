// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

/** What came of verifying a signature. Callers outside learn only whether it is {@link #VALID}. */
public enum Verdict {
  /** Signed by a live secret, and fresh. */
  VALID,
  /** A header the scheme needs is absent. */
  MISSING_HEADER,
  /** A header is there, but twice or not in the scheme's form. */
  BAD_FORMAT,
  /** The timestamp is further from now than the tolerance, in either direction. */
  STALE,
  /** No signature matches any live secret. */
  MISMATCH,
  /** Only signatures of other versions are there. */
  UNKNOWN_ALGORITHM
}
