// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import dev.postrider.api.audit.Finding.Kind;
import dev.postrider.model.secret.ChainKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Goes along a chain and finds what does not follow from what is before it.
 *
 * <pre>
 *   a number is passed over ─► deleted
 *   the hash does not follow ─► suspect ─┬─► follows elsewhere near by ─► reordered
 *                                        ├─► the next follows from its hash ─► edited
 *                                        └─► otherwise ─► forged
 *   a checkpoint of ours says more ─► truncated; says otherwise ─► forged
 * </pre>
 *
 * Each entry is compared with the stored hash before it, so that one wrong entry does not make all
 * that follow look wrong. The one behind a gap has nothing to be compared with.
 */
final class ChainWalk {

  private static final int MOST_SUSPECTS = 1000;
  private static final int NEAR = 10;

  private final ChainKey key;
  private final Map<Long, String> wanted = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Suspect> suspects = new ArrayList<>();
  private final List<Checkpoint> checkpoints;
  private Chain.Head head;
  private long entries;

  /**
   * Begins.
   *
   * @param beginning what the first entry follows
   * @param checkpoints of this tenant
   */
  ChainWalk(ChainKey key, String beginning, List<Checkpoint> checkpoints) {
    this.key = key;
    this.checkpoints = checkpoints;
    this.head = new Chain.Head(0, beginning);
    checkpoints.forEach(checkpoint -> wanted.put(checkpoint.sequence(), ""));
  }

  /** An entry with the hash that is stored with it. */
  record Link(AuditEntry entry, long sequence, String hash) {}

  /**
   * An entry that does not follow.
   *
   * @param vouched whether the next one follows from its hash
   */
  private record Suspect(Link link, String before, boolean vouched) {}

  /** The next entry, in the order of their numbers. */
  void next(Link link) {
    entries++;
    if (link.sequence() <= head.sequence()) {
      findings.add(Finding.of(Kind.FORGED, link.entry(), link.sequence(), ": its number is taken"));
      return;
    }
    if (link.sequence() > head.sequence() + 1) {
      findings.add(Finding.missing(Kind.DELETED, head.sequence() + 1, link.sequence() - 1));
    } else if (link.entry().hash(key, head.hash()).equals(link.hash())) {
      vouchForLast();
    } else if (suspects.size() < MOST_SUSPECTS) {
      suspects.add(new Suspect(link, head.hash(), false));
    }
    wanted.replace(link.sequence(), link.hash());
    head = new Chain.Head(link.sequence(), link.hash());
  }

  private void vouchForLast() {
    if (suspects.isEmpty() || suspects.getLast().link().sequence() != head.sequence()) {
      return;
    }
    Suspect last = suspects.removeLast();
    suspects.add(new Suspect(last.link(), last.before(), true));
  }

  /** How many there were. */
  long entries() {
    return entries;
  }

  /** The end of the chain, as far as it was walked. */
  Chain.Head head() {
    return head;
  }

  /** All that was found, when there is no further entry. */
  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    for (int i = 0; i < suspects.size(); i++) {
      judge(i, all);
    }
    checkpoints.forEach(checkpoint -> compare(checkpoint, all));
    if (suspects.size() == MOST_SUSPECTS) {
      all.add(
          new Finding(
              Kind.FORGED,
              suspects.getLast().link().sequence(),
              head.sequence(),
              null,
              ": there are so many that the rest was not looked at"));
    }
    return all;
  }

  private void judge(int index, List<Finding> all) {
    Suspect suspect = suspects.get(index);
    Link link = suspect.link();
    OptionalLong place = place(index);
    if (place.isEmpty()) {
      Kind kind = suspect.vouched() ? Kind.EDITED : Kind.FORGED;
      all.add(Finding.of(kind, link.entry(), link.sequence(), ""));
    } else if (place.getAsLong() != link.sequence()) {
      String more = ", its own is " + place.getAsLong();
      all.add(Finding.of(Kind.REORDERED, link.entry(), link.sequence(), more));
    }
  }

  /** Where a suspect follows from a hash near by, and has one: only there it can have been. */
  private OptionalLong place(int index) {
    List<Suspect> near =
        suspects.subList(Math.max(0, index - NEAR), Math.min(suspects.size(), index + NEAR + 1));
    Set<String> stored = new HashSet<>();
    near.forEach(suspect -> stored.addAll(List.of(suspect.before(), suspect.link().hash())));
    Set<String> before = new HashSet<>(stored);
    near.forEach(suspect -> before.add(suspect.link().entry().hash(key, suspect.before())));
    Link link = suspects.get(index).link();
    return LongStream.rangeClosed(Math.max(1, link.sequence() - NEAR), link.sequence() + NEAR)
        .filter(place -> fits(link.entry().at(place), before, stored))
        .findFirst();
  }

  private boolean fits(AuditEntry entry, Set<String> before, Set<String> stored) {
    return before.stream().anyMatch(hash -> stored.contains(entry.hash(key, hash)));
  }

  private void compare(Checkpoint checkpoint, List<Finding> all) {
    long sequence = checkpoint.sequence();
    if (!checkpoint.ours(key)) {
      all.add(
          new Finding(Kind.FORGED, sequence, sequence, null, ": the checkpoint, not the entry"));
    } else if (sequence > head.sequence()) {
      all.add(Finding.missing(Kind.TRUNCATED, head.sequence() + 1, sequence));
    } else if (!checkpoint.hash().equals(wanted.get(sequence))) {
      all.add(
          new Finding(Kind.FORGED, sequence, sequence, null, ": a checkpoint vouches for another"));
    }
  }
}
