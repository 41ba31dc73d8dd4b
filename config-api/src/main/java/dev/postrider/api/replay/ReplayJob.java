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
import java.util.Optional;
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
  private static final int BURST = 10;

  private static final Duration BETWEEN_BURSTS = Duration.ofMillis(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** Then its place is another's: a slow destination must not hold up the replays of all. */
  private static final int MOST_LOOKS = 40;

  private static final Duration UNTIL_ROOM = Duration.ofSeconds(1);

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

  /**
   * Goes on as long as that makes sense.
   *
   * @return after which time somebody should take it on again; empty when it has ended, was
   *     cancelled, or has become another's
   */
  Optional<Duration> run(Replay replay) throws InterruptedException {
    if (replay.total() == null) {
      // Counting millions may take too long; then the total grows with what is found.
      recorded.count(replay).onErrorReturn(0L).flatMap(n -> leases.begin(replay, n)).block();
    }
    try (BulkReader events = reader.open(Topics.EVENTS)) {
      ReplayCursor cursor = replay.cursor();
      while (!(cursor instanceof ReplayCursor.End)) {
        Room room = awaitRoom(replay);
        if (room != Room.FREE) {
          return room == Room.FULL ? Optional.of(UNTIL_ROOM) : Optional.empty();
        }
        ReplayStep step = next(replay, cursor, events);
        if (step.pause().isPositive()) {
          return Optional.of(step.pause());
        }
        if (!written(replay, step)) {
          return Optional.empty();
        }
        cursor = step.next();
      }
    }
    leases.end(replay, "completed", null).block();
    return Optional.empty();
  }

  /** Whether more can be ordered now. */
  private enum Room {
    FREE,
    /** Not soon: the destination is slow. */
    FULL,
    /** Not by this job, or never. */
    NONE
  }

  private Room awaitRoom(Replay replay) throws InterruptedException {
    for (int look = 0; look < MOST_LOOKS; look++) {
      ReplayLeases.Prospect prospect = value(leases.prospect(replay, MOST_UNTRIED));
      if (prospect.held() && !prospect.served()) {
        leases.end(replay, "failed", "the destination was disabled or deleted").block();
      }
      if (!prospect.held() || !prospect.served()) {
        return Room.NONE;
      }
      if (prospect.untried() < MOST_UNTRIED) {
        return Room.FREE;
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
    return Room.FULL;
  }

  /** After what was recorded comes what was not, if that was asked for. */
  private ReplayStep next(Replay replay, ReplayCursor cursor, BulkReader events) {
    return switch (cursor) {
      case ReplayCursor.Recorded from -> {
        ReplayStep step = recorded.next(replay, from, events);
        boolean goesOn = step.next() instanceof ReplayCursor.End && replay.filter().missing();
        yield goesOn ? ReplayStep.to(MissedEvents.begin(replay, events)) : step;
      }
      case ReplayCursor.Events from -> missed.next(replay, from, events);
      case ReplayCursor.End end -> ReplayStep.to(end);
    };
  }

  private boolean written(Replay replay, ReplayStep step) throws InterruptedException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS); // what a record keeps
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

  private static <T> T value(Mono<T> one) {
    return one.blockOptional().orElseThrow();
  }
}
