// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.retry.WaitingLine;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this worker has now.
 *
 * <p>It is held up, that is paused but polled, while it has as much unsettled as is good for it, or
 * while what was read from its retry tier is not due.
 */
final class Assigned {

  /** More than this is never unsettled in one partition; enough to keep every lane of it busy. */
  private static final int MOST_UNSETTLED = 2_000;

  /**
   * More than this is never handed over from one partition; what is left of the other is for what
   * is written meanwhile, past receivers that are slow.
   */
  private static final int MOST_HANDED_OVER = 1_500;

  /**
   * More than this never lies between the watermark and the last record, so that a restart stays
   * quick.
   */
  private static final int LONGEST_GAP = 200_000;

  /**
   * Payloads of more than this are never unsettled in one partition, in bytes: one destination,
   * which has a partition of each topic, must not use up what is good for all of them together.
   */
  private static final long MOST_UNSETTLED_LENGTH = 4L * 1024 * 1024;

  /**
   * Further than this above what is committed nothing is handed over: after a crash all of it is
   * read again, and whoever takes over must wait for it.
   */
  static final int FURTHEST_HANDED_OVER = 20_000;

  private final TopicPartition partition;
  private final long start;
  private final OffsetLedger ledger;
  private final @Nullable WaitingLine<Held> line;
  private long committed = -1;
  private Instant inherited = Instant.MAX;
  private long end;
  private boolean paused;

  /** A delivery and its entry in the ledger. */
  record Held(Delivery delivery, OffsetLedger.Entry entry) {}

  Assigned(TopicPartition partition, long position, Lease lease, @Nullable WaitingLine<Held> line) {
    this.partition = partition;
    this.start = position;
    this.ledger = new OffsetLedger(position, lease);
    this.line = line;
  }

  /** Of the end: what was made of events that another had in hand may still have to come. */
  static final long UNKNOWN = Long.MAX_VALUE;

  /**
   * What lay here when the partition came: until the watermark has passed all of it, a commit must
   * repeat from when on the worker before may have done something for it.
   */
  void inherit(Instant since, long endOffset) {
    inherited = since;
    end = endOffset;
  }

  /** It is known by now how far what lay here, or was written here for what lay elsewhere, goes. */
  void endsAt(long offset) {
    end = offset;
  }

  /** From when on outcomes must be read to know what was done above the watermark. */
  Instant since(Instant now) {
    Instant own = ledger.since(now);
    return ledger.watermark() < end && inherited.isBefore(own) ? inherited : own;
  }

  TopicPartition partition() {
    return partition;
  }

  boolean isOfEvents() {
    return partition.topic().equals(Topics.EVENTS);
  }

  boolean isOfDeliveries() {
    return partition.topic().equals(Topics.DELIVERIES);
  }

  OffsetLedger ledger() {
    return ledger;
  }

  @Nullable WaitingLine<Held> line() {
    return line;
  }

  /** Whether reading must pause; below half of the bounds it may go on. */
  boolean full() {
    int share = paused ? 2 : 1;
    return ledger.unsettled() > MOST_UNSETTLED / share
        || ledger.openLength() > MOST_UNSETTLED_LENGTH / share
        || ledger.gap() > LONGEST_GAP / share;
  }

  /** Whether so much of what was read here is open that no more should be handed over. */
  boolean crowded() {
    return ledger.unsettled() > MOST_HANDED_OVER
        || ledger.unsettledLength() > MOST_UNSETTLED_LENGTH / 2
        || ledger.next() - Math.max(start, committed) > FURTHEST_HANDED_OVER;
  }

  /** Whether so little waits here that somebody may do so for longer than he must. */
  boolean roomy() {
    return ledger.openMemory() < MOST_UNSETTLED_LENGTH / 2;
  }

  /**
   * Whether all was handed out that lay here when the partition came and had been due before: what
   * lies behind one that is not due was not due either.
   */
  boolean handedOut() {
    return ledger.next() >= end || (line != null && line.waits());
  }

  /** Whether what would be read now is due later still. */
  boolean holdsUp() {
    return line != null && line.holdsUp();
  }

  boolean paused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  /** When something that waits here falls due; the far future when nothing does. */
  Instant nextDue() {
    return line == null ? Instant.MAX : line.next();
  }

  /** Whether the watermark has moved since it was last committed, as far as is known. */
  boolean moved() {
    return ledger.watermark() != committed;
  }

  /** Kafka has it. */
  void committed(long offset) {
    committed = offset;
  }
}
