// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.repartition;

import static java.util.stream.Collectors.toMap;

import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multiplies the partitions of the topics that belong together. A destination's records then belong
 * into one partition of the higher number, and what is under way is moved there:
 *
 * <pre>
 *   no worker runs, ─► add partitions ─► every producer knows ─► {@link Move} 0, 1, … ─► the layout is the new one
 *   all is recorded                                                   │
 *                      killed anywhere: workers refuse to start, and the command is given again
 * </pre>
 *
 * Events are published all the while and wait to be routed. Blocks; for one use.
 */
public final class Repartition {

  private static final Logger LOG = LoggerFactory.getLogger(Repartition.class);

  private static final List<String> GROUPS = List.of("postrider-dispatch", "postrider-route");
  private static final String RECORDER = "postrider-recorder";
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int MOST_LOOKS = 15;

  private static final Duration UNTIL_PRODUCERS_KNOW = Topics.CHANGES_SEEN_WITHIN.plusSeconds(2);

  private final Admin admin;
  private final String bootstrapServers;
  private final Topics topics;
  private final Duration remembered;
  private final InstantSource clock;

  /**
   * A change to the partition count of these topics.
   *
   * @param admin is used, not closed
   * @param remembered how long an event is known at least, so that it is not sent twice
   */
  public Repartition(
      Admin admin,
      String bootstrapServers,
      Topics topics,
      Duration remembered,
      InstantSource clock) {
    this.admin = admin;
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.remembered = remembered;
    this.clock = clock;
  }

  /**
   * Returns when everything lies as the configured count wants it.
   *
   * @throws LayoutRefusedException when a worker runs, reports are not recorded, or the count is no
   *     multiple of the one before
   * @throws ExecutionException when the broker refuses or does not answer
   */
  public void run() throws InterruptedException, ExecutionException {
    Layout layout = new Layout(admin);
    int before = before(layout);
    if (topics.partitions() % before != 0) {
      throw new LayoutRefusedException(
          "refusing to change: %d partitions can become a multiple of that, configured are %d"
              .formatted(before, topics.partitions()));
    }
    if (topics.partitions() == before && fewest() == before) {
      LOG.info("there is nothing to do: everything lies in {} partitions", before);
      return;
    }
    requireNoWorker();
    requireRecorded(before);
    layout.set(before);
    addPartitions();
    LOG.info("topics have {} partitions; waiting until every producer knows", topics.partitions());
    Thread.sleep(UNTIL_PRODUCERS_KNOW);
    for (int number = 0; number < before; number++) {
      move(number, before);
    }
    layout.set(topics.partitions());
    LOG.info("done: start workers with POSTRIDER_PARTITIONS={}", topics.partitions());
  }

  private void move(int number, int before) throws InterruptedException, ExecutionException {
    requireNoWorker();
    try (Move move = new Move(bootstrapServers, topics, number, before)) {
      Move.Count count = move.run(admin, remembered, clock.instant());
      LOG.info(
          "partition {} of {}: {} deliveries under way moved, {} stay",
          number + 1,
          before,
          count.moved(),
          count.staying());
    }
  }

  private void requireNoWorker() throws InterruptedException, ExecutionException {
    for (var group : admin.describeConsumerGroups(GROUPS).describedGroups().entrySet()) {
      int members = members(group.getValue());
      if (members > 0) {
        throw new LayoutRefusedException(
            "refusing to change: %s has %d members; stop every worker first (one that was killed"
                    .formatted(group.getKey(), members)
                + " counts for half a minute more)");
      }
    }
  }

  private static int members(KafkaFuture<ConsumerGroupDescription> group)
      throws InterruptedException, ExecutionException {
    try {
      return group.get().members().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e;
    }
  }

  /** Or what follows would be recorded before it, from another partition. */
  private void requireRecorded(int before) throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> outcomes =
        IntStream.range(0, before)
            .mapToObj(number -> new TopicPartition(Topics.OUTCOMES, number))
            .collect(toMap(partition -> partition, _ -> OffsetSpec.latest()));
    var ends = admin.listOffsets(outcomes).all().get();
    for (int looks = 1; ; looks++) {
      var recorded = admin.listConsumerGroupOffsets(RECORDER).partitionsToOffsetAndMetadata().get();
      long behind =
          ends.entrySet().stream()
              .mapToLong(end -> end.getValue().offset() - offset(recorded.get(end.getKey())))
              .sum();
      if (behind == 0) {
        return;
      }
      if (looks == MOST_LOOKS) {
        throw new LayoutRefusedException(
            "refusing to change: %d reports are not recorded; config-api must run, and PostgreSQL"
                .formatted(behind));
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static long offset(@Nullable OffsetAndMetadata commit) {
    return commit == null ? 0 : commit.offset();
  }

  /** What the last worker or an interrupted change says; else what the topics have. */
  private int before(Layout layout) throws InterruptedException, ExecutionException {
    OptionalInt known = layout.find();
    return known.isPresent() ? known.getAsInt() : fewest();
  }

  private int fewest() throws InterruptedException, ExecutionException {
    return admin.describeTopics(topics.together()).allTopicNames().get().values().stream()
        .mapToInt(topic -> topic.partitions().size())
        .min()
        .orElseThrow();
  }

  private void addPartitions() throws InterruptedException, ExecutionException {
    int wanted = topics.partitions();
    Map<String, NewPartitions> lacking =
        admin.describeTopics(topics.together()).allTopicNames().get().values().stream()
            .filter(topic -> topic.partitions().size() < wanted)
            .collect(toMap(TopicDescription::name, _ -> NewPartitions.increaseTo(wanted)));
    admin.createPartitions(lacking).all().get();
  }
}
