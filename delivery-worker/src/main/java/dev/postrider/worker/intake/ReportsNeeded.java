// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far back {@code outcomes} must be read by whoever goes on where another has left off. */
public final class ReportsNeeded {

  /** Between the clocks of workers, at most: a decision within it is not forgotten. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** Of machines whose clocks are kept, with much to spare: so far is read before all else. */
  private static final Duration USUAL_SKEW = Duration.ofSeconds(5);

  /** A report remembered only to drop an event published twice is not worth a slow takeover. */
  private static final long MOST_REMEMBERED = 50_000;

  private ReportsNeeded() {}

  /**
   * Since when something may have been done above what was committed. Without a commit nobody
   * knows: then all that is left of the outcomes counts.
   */
  public static Instant since(@Nullable OffsetAndMetadata commit, Instant now) {
    if (commit == null) {
      return Instant.EPOCH;
    }
    try {
      return Instant.parse(commit.metadata());
    } catch (DateTimeException e) {
      return now.minus(Duration.ofDays(1));
    }
  }

  /**
   * By partition: the offset to begin at if nothing can wait for more.
   *
   * @param needed from when on reports are needed for exactness, all of them
   * @param ends of the partitions
   */
  static Map<TopicPartition, Long> latestStarts(
      Consumer<?, ?> consumer,
      Map<TopicPartition, Instant> needed,
      Map<TopicPartition, Long> ends) {
    return offsetsAt(consumer, before(needed, USUAL_SKEW), ends);
  }

  /**
   * By partition: the offset to begin at.
   *
   * @param needed as above, by clocks that may differ by a minute
   * @param remembered from when on they are welcome, the last 50,000 of each partition
   * @param ends of the partitions
   */
  public static Map<TopicPartition, Long> starts(
      Consumer<?, ?> consumer,
      Map<TopicPartition, Instant> needed,
      Instant remembered,
      Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Instant> welcome =
        needed.keySet().stream().collect(Collectors.toMap(tp -> tp, _ -> remembered));
    Map<TopicPartition, Long> starts = offsetsAt(consumer, before(needed, CLOCK_SKEW), ends);
    offsetsAt(consumer, welcome, ends)
        .forEach(
            (tp, offset) -> {
              long capped = Math.max(offset, ends.getOrDefault(tp, 0L) - MOST_REMEMBERED);
              starts.merge(tp, capped, Math::min);
            });
    return starts;
  }

  private static Map<TopicPartition, Instant> before(
      Map<TopicPartition, Instant> times, Duration skew) {
    Map<TopicPartition, Instant> before = new HashMap<>();
    times.forEach((tp, time) -> before.put(tp, time.minus(skew)));
    return before;
  }

  /** By partition: the first offset that was written then or later; its end, if none was. */
  private static Map<TopicPartition, Long> offsetsAt(
      Consumer<?, ?> consumer, Map<TopicPartition, Instant> times, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> millis = new HashMap<>();
    times.forEach((tp, time) -> millis.put(tp, Math.max(0, time.toEpochMilli())));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    times.keySet().forEach(tp -> offsets.put(tp, ends.getOrDefault(tp, 0L)));
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
        consumer.offsetsForTimes(millis).entrySet()) {
      if (found.getValue() != null) {
        offsets.put(found.getKey(), found.getValue().offset());
      }
    }
    return offsets;
  }
}
