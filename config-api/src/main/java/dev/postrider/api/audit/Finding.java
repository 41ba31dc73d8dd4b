// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done to a chain behind our back.
 *
 * @param from sequence number of the first entry that it concerns
 * @param to of the last
 * @param id of the entry; null where there is none any more
 * @param more what else there is to be said, or nothing
 */
record Finding(Kind kind, long from, long to, @Nullable UUID id, String more) {

  /** What was done. */
  enum Kind {
    EDITED("what it says is not what its hash was made of"),
    DELETED("missing"),
    REORDERED("in another's place"),
    TRUNCATED("missing at the end, although a checkpoint vouches for it"),
    FORGED("its hash is none of ours");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }
  }

  static Finding of(Kind kind, AuditEntry entry, long place, String more) {
    return new Finding(kind, place, place, entry.id(), more);
  }

  static Finding missing(Kind kind, long from, long to) {
    return new Finding(kind, from, to, null, "");
  }

  /** {@code 7 (aud_…): edited: what it says is not what its hash was made of}. */
  @Override
  public String toString() {
    String where = from == to ? "" + from : from + " to " + to;
    return where
        + (id == null ? "" : " (aud_" + id + ")")
        + ": "
        + kind.name().toLowerCase(Locale.ROOT)
        + ": "
        + kind.meaning
        + more;
  }
}
