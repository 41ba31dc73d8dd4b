// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.retry.RetryTiers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The one table of all topics: what they are called, how they are keyed apart and how long they
 * keep what.
 *
 * <p>{@code deliveries}, its retry tiers, {@code outcomes}, {@code backlogs} and {@code runs} share
 * one partition count, since a destination's records must lie in the same partition of each. The
 * others are created with as many, and may have any number.
 *
 * @param partitions of the topics that share a count, 1 to 4096
 * @param replicas of every partition
 * @param tiers the delays that there are retry topics for
 */
public record Topics(int partitions, int replicas, RetryTiers tiers) {

  /** What the platform published; this is the payload store. */
  public static final String EVENTS = "postrider.events";

  /** Snapshots of destinations, secrets sealed; a record without a value means deleted. */
  public static final String DESTINATIONS = "postrider.destinations";

  /** Events on their way to one destination each. */
  public static final String DELIVERIES = "postrider.deliveries";

  /** Of destinations that take their events in order, and have any put off: which. */
  public static final String BACKLOGS = "postrider.backlogs";

  /** Of deliveries that somebody had sent again or called off while they waited: the last run. */
  public static final String RUNS = "postrider.runs";

  /** What came of every attempt. */
  public static final String OUTCOMES = "postrider.outcomes";

  /** Deliveries that exhausted their retry policy. */
  public static final String DEAD_LETTERS = "postrider.dead-letters";

  /** Records that are no events, with the reason. */
  public static final String UNDECODABLE = "postrider.undecodable";

  /** Requests that somebody waits for the answer of. */
  public static final String PROBES = "postrider.probes";

  /** Those answers. */
  public static final String PROBE_REPLIES = "postrider.probe-replies";

  /** Header of an undecodable record: why it is one. */
  public static final String REASON_HEADER = "postrider-reason";

  /** Header of an undecodable record: topic-partition-offset where it was found. */
  public static final String ORIGIN_HEADER = "postrider-origin";

  /**
   * Header of a report that lies here for its destination's next owner, and was recorded from where
   * it stood before.
   */
  public static final String MOVED_HEADER = "postrider-moved";

  /** By then every producer and consumer that runs has seen a change of the partition count. */
  public static final Duration CHANGES_SEEN_WITHIN = Duration.ofSeconds(5);

  /**
   * Room for the largest foreign record of a broker's default, and for the headers we add to it; in
   * bytes.
   */
  private static final int LARGEST_RECORD = 2 * 1024 * 1024;

  private static final Duration TWO_WEEKS = Duration.ofDays(14);

  /**
   * A wait is a week at most, so what an older run has left waiting has come back by then; that
   * long the newer one must be known.
   */
  public static final Duration RUNS_KEPT = Duration.ofDays(8);

  /** Refuses counts that an event id cannot hold. */
  public Topics {
    if (partitions < 1 || partitions > 4096) {
      throw new IllegalArgumentException("partitions must be 1 to 4096: was " + partitions);
    }
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas must be 1 or more: was " + replicas);
    }
  }

  /** The topic where deliveries wait for that long. */
  public static String retry(RetryTiers.Tier tier) {
    return DELIVERIES + ".retry." + tier.label();
  }

  /**
   * One row of the table.
   *
   * @param retention how long records are kept; null for a compacted topic, which keeps the last of
   *     each key
   * @param shortestRetention below this the topic would lose what it must hold
   */
  public record Topic(String name, @Nullable Duration retention, Duration shortestRetention) {

    Map<String, String> configuration() {
      Map<String, String> configuration = new HashMap<>(cleanup());
      configuration.put("max.message.bytes", Integer.toString(LARGEST_RECORD));
      return configuration;
    }

    private Map<String, String> cleanup() {
      if (retention == null) {
        return Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1");
      }
      return Map.of(
          "cleanup.policy", "delete", "retention.ms", Long.toString(retention.toMillis()));
    }
  }

  /** All topics. */
  public List<Topic> table() {
    List<Topic> table = new ArrayList<>();
    table.add(new Topic(EVENTS, Duration.ofDays(7), Duration.ofHours(1)));
    table.add(new Topic(DESTINATIONS, null, Duration.ZERO));
    table.add(new Topic(DELIVERIES, TWO_WEEKS, TWO_WEEKS));
    tiers
        .tiers()
        .forEach(
            tier -> {
              Duration kept = tier.delay().plus(TWO_WEEKS);
              table.add(new Topic(retry(tier), kept, kept));
            });
    table.add(new Topic(BACKLOGS, null, Duration.ZERO));
    table.add(new Topic(RUNS, RUNS_KEPT, RUNS_KEPT));
    table.add(new Topic(OUTCOMES, TWO_WEEKS, Duration.ofDays(1)));
    table.add(new Topic(DEAD_LETTERS, Duration.ofDays(30), Duration.ofHours(1)));
    table.add(new Topic(UNDECODABLE, Duration.ofDays(30), Duration.ofHours(1)));
    table.add(new Topic(PROBES, Duration.ofHours(1), Duration.ofMinutes(1)));
    table.add(new Topic(PROBE_REPLIES, Duration.ofHours(1), Duration.ofMinutes(1)));
    return List.copyOf(table);
  }

  /** Those that share one partition count. */
  public List<String> together() {
    return Stream.concat(dispatched().stream(), Stream.of(OUTCOMES, BACKLOGS, RUNS)).toList();
  }

  /** In which partition of these a record with that key lies: where Kafka's producers put it. */
  public int home(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** The topics that a worker reads as one: what becomes a delivery, and what is one. */
  public List<String> read() {
    return Stream.concat(Stream.of(EVENTS), dispatched().stream()).toList();
  }

  /** The topics of what the dispatcher does: deliveries, fresh and waiting. */
  public List<String> dispatched() {
    return Stream.concat(Stream.of(DELIVERIES), tiers.tiers().stream().map(tier -> retry(tier)))
        .toList();
  }
}
