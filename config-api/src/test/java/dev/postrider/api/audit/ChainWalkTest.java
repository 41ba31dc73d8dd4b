// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.audit.ChainWalk.Link;
import dev.postrider.model.secret.ChainKey;
import dev.postrider.model.secret.SecretBox;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a chain of nine entries, and what is found. */
class ChainWalkTest {

  private final List<Link> chain = new ArrayList<>();
  private ChainKey key;

  @BeforeEach
  void chainOfNine(@TempDir Path directory) {
    Path keyset = directory.resolve("keyset.json");
    SecretBox.createKeyset(keyset);
    key = ChainKey.open(keyset);
    for (long sequence = 1; sequence <= 9; sequence++) {
      chain.add(link(entry(sequence, "u-" + sequence), hash(chain.size())));
    }
  }

  @Test
  void b16FindsNothingInWhatWasWritten() {
    assertThat(found(checkpoint(9, chain.getLast().hash()))).isEmpty();
  }

  @Test
  void b16FindsAnEntryThatWasEdited() {
    replace(5, entry(5, "somebody else"), chain.get(4).hash());

    assertThat(found()).containsExactly("5 EDITED");
  }

  @Test
  void b16FindsAHashThatWasEdited() {
    replace(5, chain.get(4).entry(), "0".repeat(64));

    assertThat(found()).containsExactly("5 FORGED");
  }

  @Test
  void b16FindsEntriesThatWereDeleted() {
    chain.subList(3, 5).clear();

    assertThat(found()).containsExactly("4-5 DELETED");
  }

  @Test
  void b16FindsTheFirstOneMissing() {
    chain.removeFirst();

    assertThat(found()).containsExactly("1 DELETED");
  }

  @Test
  void b16FindsWhereAGapWasClosed() {
    Stream.of(5, 6, 7, 8).forEach(place -> replace(place, chain.get(place)));
    chain.removeLast();

    assertThat(found()).containsExactly("5 FORGED", "6 REORDERED", "7 REORDERED", "8 REORDERED");
  }

  @Test
  void b16FindsEntriesThatChangedPlaces() {
    Link fifth = chain.get(4);
    replace(5, chain.get(5));
    replace(6, fifth);

    assertThat(found()).containsExactly("5 REORDERED", "6 REORDERED");
  }

  @Test
  void b16FindsContentsThatChangedPlaces() {
    Link fifth = chain.get(4);
    replace(5, chain.get(5).entry().at(5), fifth.hash());
    replace(6, fifth.entry().at(6), chain.get(5).hash());

    assertThat(found()).containsExactly("5 REORDERED", "6 REORDERED");
  }

  @Test
  void b16FindsThatTheEndIsMissingByACheckpoint() {
    Checkpoint checkpoint = checkpoint(9, chain.getLast().hash());
    chain.subList(6, 9).clear();

    assertThat(found()).isEmpty();
    assertThat(found(checkpoint)).containsExactly("7-9 TRUNCATED");
  }

  @Test
  void b16FindsAnEndThatWasWrittenAnew() {
    Checkpoint checkpoint = checkpoint(9, chain.getLast().hash());
    replace(9, link(entry(9, "another"), chain.get(7).hash()));

    assertThat(found()).isEmpty();
    assertThat(found(checkpoint)).containsExactly("9 FORGED");
  }

  @Test
  void b16FindsAnEntryThatWasMadeUp() {
    chain.add(new Link(entry(10, "u-10"), 10, "a".repeat(64)));

    assertThat(found()).containsExactly("10 FORGED");
  }

  @Test
  void b16FindsAnEntryThatIsRepeated() {
    Link third = chain.get(2);
    chain.add(new Link(third.entry().at(10), 10, third.hash()));
    chain.add(2, third);

    assertThat(found()).containsExactly("3 FORGED", "10 FORGED");
  }

  @Test
  void b16FindsACheckpointThatIsNotOurs() {
    assertThat(found(new Checkpoint("acme", 3, chain.get(2).hash(), "b".repeat(64))))
        .containsExactly("3 FORGED");
  }

  @Test
  void readsACheckpointFromALineOfALog() {
    Checkpoint checkpoint = checkpoint(9, chain.getLast().hash());
    String line = "2026-11-28T20:11:00Z INFO 1 --- [main] Checkpoints : " + checkpoint + "\"}";

    assertThat(Checkpoint.in(line)).contains(checkpoint);
    assertThat(Checkpoint.in("audit checkpoint tenant=acme sequence=nine")).isEmpty();
  }

  @Test
  void hashesExactlyThis() {
    assertThat(entry(1, "ädm\"in").canonical())
        .isEqualTo(
            """
            {"tenant":"acme","sequence":1,"id":"00000000-0000-0000-0000-000000000001",\
            "at":"2026-11-28T20:00:00.000001Z","actor_type":"user","actor_id":"ädm\\"in",\
            "action":"destination.updated","resource_type":"destination",\
            "resource_id":"dst_1","changes":"[{\\"field\\":\\"name\\"}]","request_id":"r-1"}""");
  }

  private List<String> found(Checkpoint... checkpoints) {
    ChainWalk walk = new ChainWalk(key, ChainKey.BEGINNING, List.of(checkpoints));
    chain.forEach(walk::next);
    return walk.findings().stream().map(ChainWalkTest::text).toList();
  }

  private static String text(Finding finding) {
    String to = finding.to() == finding.from() ? "" : "-" + finding.to();
    return finding.from() + to + " " + finding.kind();
  }

  private Checkpoint checkpoint(long sequence, String hash) {
    return Checkpoint.of("acme", new Chain.Head(sequence, hash), key);
  }

  private String hash(int index) {
    return index == 0 ? ChainKey.BEGINNING : chain.get(index - 1).hash();
  }

  private Link link(AuditEntry entry, String before) {
    return new Link(entry, entry.sequence(), entry.hash(key, before));
  }

  private void replace(long place, Link other) {
    replace(place, other.entry().at(place), other.hash());
  }

  private void replace(long place, AuditEntry entry, String hash) {
    chain.set((int) place - 1, new Link(entry, place, hash));
  }

  private static AuditEntry entry(long sequence, String actor) {
    return new AuditEntry(
        "acme",
        sequence,
        new UUID(0, sequence),
        Instant.parse("2026-11-28T20:00:00Z").plusNanos(sequence * 1000),
        "user",
        actor,
        "destination.updated",
        "destination",
        "dst_1",
        "[{\"field\":\"name\"}]",
        "r-1");
  }
}
