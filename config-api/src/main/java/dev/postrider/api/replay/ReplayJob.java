// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.kafka.BulkReader;
import dev.postrider.api.kafka.RecordReader;
import dev.postrider.api.kafka.RecordWriter;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The way of one replay, step by step, from where it stands to its end:
 *
 * <pre>
 *   ┌► few enough untried? ─► next step ─► written to Kafka, all acks ─► rows and cursor, one transaction ─┐
 *   └──────────────────────────────────────────────────────────────────────────────────────────────────────┘
 *     step: recorded deliveries, then events that were never sent, then the end
 * </pre>
 *
 * A crash between Kafka's ack and the transaction writes a step twice; what was reported by then is
 * not chosen again, and of the rest the worker drops the second: both carry the same run. Blocks,
 * so each has a virtual thread of its own.
 */
@Component
final class ReplayJob {

  /**
   * Of those ordered so many may be untried: enough to keep a quick receiver busy, few enough that
   * they hold up nobody in the partition.
   */
  private static final int MOST_UNTRIED = 300;

  /** So many are written at a time, so that fresh ones in between wait for a millisecond or so. */
  private static final int BURST = 20;

  private static final Duration BETWEEN_BURSTS = Duration.ofMillis(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(3);

  private final RecordReader reader;
  private final RecordWriter writer;
  private final RecordedDeliveries recorded;
  private final MissedEvents missed;
  private final ReplayLeases leases;
  private final Clock clock;

  ReplayJob(
      RecordReader reader,
      RecordWriter writer,
      RecordedDeliveries recorded,
      MissedEvents missed,
      ReplayLeases leases,
      Clock clock) {
    this.reader = reader;
    this.writer = writer;
    this.recorded = recorded;
    this.missed = missed;
    this.leases = leases;
    this.clock = clock;
  }

  /** Returns when it has ended, was cancelled, or has become another instance's. */
  void run(Replay replay) throws InterruptedException {
    if (replay.total() == null) {
      leases.begin(replay, value(recorded.count(replay))).block();
    }
    try (BulkReader events = reader.open(Topics.EVENTS)) {
      ReplayCursor cursor = replay.cursor();
      while (!(cursor instanceof ReplayCursor.End)) {
        if (!awaitRoom(replay)) {
          return;
        }
        ReplayStep step = next(replay, cursor, events);
        if (!written(replay, step)) {
          return;
        }
        cursor = step.next();
      }
    }
    leases.end(replay, "completed", null).block();
  }

  private ReplayStep next(Replay replay, ReplayCursor cursor, BulkReader events)
      throws InterruptedException {
    return switch (cursor) {
      case ReplayCursor.Recorded(var after) ->
          orEvents(replay, recorded.next(replay, after, events, now()), events);
      case ReplayCursor.Events from -> missed.next(replay, from, events);
      case ReplayCursor.End end -> new ReplayStep(List.of(), 0, end);
    };
  }

  /** After what was recorded comes what was not, if that was asked for. */
  private ReplayStep orEvents(Replay replay, ReplayStep step, BulkReader events)
      throws InterruptedException {
    boolean goesOn = step.next() instanceof ReplayCursor.End && replay.filter().missing();
    if (!goesOn) {
      return step;
    }
    awaitSettled(replay.filter().until());
    return new ReplayStep(step.orders(), step.skipped(), MissedEvents.begin(replay, events));
  }

  /** What was published last is on its way by itself, and recorded in a moment. */
  private void awaitSettled(Instant until) throws InterruptedException {
    Duration wait = Duration.between(clock.instant(), until.plus(MissedEvents.SETTLED));
    if (wait.isPositive()) {
      Thread.sleep(wait.compareTo(MissedEvents.SETTLED) < 0 ? wait : MissedEvents.SETTLED);
    }
  }

  private boolean written(Replay replay, ReplayStep step) throws InterruptedException {
    Instant now = now();
    List<ProducerRecord<byte[], byte[]>> records =
        step.orders().stream()
            .map(order -> DeliveryCodec.write(Topics.DELIVERIES, order, now))
            .toList();
    for (int from = 0; from < records.size(); from += BURST) {
      writer.write(records.subList(from, Math.min(from + BURST, records.size()))).block();
      Thread.sleep(BETWEEN_BURSTS);
    }
    return value(leases.advance(replay, step, now));
  }

  /** False when it does not go on: it has become another's, was cancelled or makes no sense. */
  private boolean awaitRoom(Replay replay) throws InterruptedException {
    Instant renewed = clock.instant();
    while (true) {
      ReplayLeases.Prospect prospect = value(leases.prospect(replay, MOST_UNTRIED));
      if (!prospect.served()) {
        leases.end(replay, "failed", "the destination was disabled or deleted").block();
        return false;
      }
      if (prospect.untried() < MOST_UNTRIED) {
        return true;
      }
      Thread.sleep(BETWEEN_LOOKS);
      if (clock.instant().isAfter(renewed.plus(RENEW_EVERY))) {
        renewed = clock.instant();
        if (!value(leases.renew(replay))) {
          return false;
        }
      }
    }
  }

  private static <T> T value(Mono<T> one) {
    return one.blockOptional().orElseThrow();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS); // what headers of a delivery keep
  }
}
