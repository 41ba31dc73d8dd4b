// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Delivered;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.intake.Assigned.Held;
import dev.postrider.worker.retry.WaitingLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this worker has now, how it comes to have them and how it lets them go.
 *
 * <pre>
 *   assigned  read the tail of outcomes ─► journal; begin at the committed offset
 *   revoked   withdraw what was not started ─► wait a little for the rest ─► commit ─► forget
 *   lost      withdraw, forget: somebody else has them already
 * </pre>
 *
 * What is committed with an offset says from when on outcomes must be read to know what lies above
 * it. Confined to the intake's thread, which is the only one that may use the consumer.
 */
final class Assignment implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

  private static final Duration DRAIN_ON_REVOKE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  /** Of a worker's memory, for each of the two generations of known keys of all its partitions. */
  private static final int SHARE_FOR_KEYS = 8;

  private final Consumer<byte[], byte[]> consumer;
  private final Past past;
  private final Lease lease;
  private final Topics topics;
  private final Beginning beginning;
  private final OpenEvents openEvents;
  private final Map<String, RetryTiers.Tier> tierOf;
  private final Duration remembered;
  private final Successor successor;
  private final InstantSource clock;
  private final Map<TopicPartition, Assigned> partitions = new HashMap<>();
  private final Map<Integer, Journal> journals = new HashMap<>();
  private Instant assigned = Instant.EPOCH;

  /** Who goes on with what other workers have left. */
  interface Successor {
    /** Called before the first delivery of these partitions. */
    void accept(Map<DestinationId, Backlog> written);
  }

  /** What was written before this worker got its partitions. */
  interface Past {
    /**
     * Reads what must be known before the partitions are served; blocks.
     *
     * @param since by partition: from when on reports are needed for exactness, all of them
     * @param remembered from when on they are welcome
     * @return what destinations that want order have put off
     */
    Map<DestinationId, Backlog> read(
        Map<Integer, Instant> since, Instant remembered, OutcomeTail.Memory memory);

    /** Remembers some more of what is only welcome. */
    void goOn();

    /** The partitions have gone: nothing of them is welcome any more. */
    void forget();
  }

  /**
   * Nothing assigned yet.
   *
   * @param lease begins anew with each assignment
   * @param remembered how long an event is known at least
   * @param beginning of events that nobody has read yet
   * @param successor is told at each assignment, which is always of all partitions this worker has,
   *     what was put off of destinations that want order
   */
  Assignment(
      Consumer<byte[], byte[]> consumer,
      Past past,
      Lease lease,
      Topics topics,
      Beginning beginning,
      Duration remembered,
      Successor successor,
      InstantSource clock) {
    this.consumer = consumer;
    this.past = past;
    this.lease = lease;
    this.topics = topics;
    this.beginning = beginning;
    this.openEvents = new OpenEvents(consumer);
    this.tierOf =
        topics.tiers().tiers().stream().collect(Collectors.toMap(Topics::retry, tier -> tier));
    this.remembered = remembered;
    this.successor = successor;
    this.clock = clock;
  }

  Collection<Assigned> all() {
    return partitions.values();
  }

  @Nullable Assigned find(String topic, int partition) {
    return partitions.get(new TopicPartition(topic, partition));
  }

  /** Whether it has not been taken away since. */
  boolean has(Assigned partition) {
    return partitions.get(partition.partition()) == partition;
  }

  /** Whether no other worker has deliveries to send. */
  boolean hasAllDeliveries() {
    return journals.size() == topics.partitions();
  }

  /** What the journal of the partition says about a delivery, which it remembers from now on. */
  Journal.Finding admit(Assigned partition, Delivery delivery, Instant now) {
    return journal(partition.partition().partition()).admit(delivery, now);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> newOnes) {
    if (newOnes.isEmpty()) {
      return;
    }
    try {
      take(newOnes);
    } catch (RuntimeException e) {
      // Served without what was done before, they would be sent again: rather not served yet.
      forget(newOnes);
      consumer.enforceRebalance("outcomes could not be read");
      throw e;
    }
    lease.renew();
    LOG.info("serving partitions {}", journals.keySet());
  }

  private void take(Collection<TopicPartition> newOnes) {
    Instant now = clock.instant();
    assigned = now;
    beginning.of(newOnes.stream().filter(Assignment::isOfEvents).toList(), now);
    newOnes.forEach(partition -> partitions.put(partition, begin(partition)));
    Set<Integer> numbers =
        newOnes.stream()
            .filter(partition -> !isOfEvents(partition))
            .map(TopicPartition::partition)
            .collect(Collectors.toSet());
    int most = mostKnown(numbers.size());
    numbers.forEach(
        number -> journals.computeIfAbsent(number, _ -> new Journal(remembered, most, now)));
    Map<Integer, Instant> needed = inherit(newOnes, now);
    successor.accept(past.read(needed, now.minus(remembered), memory(needed, now)));
  }

  private static boolean isOfEvents(TopicPartition partition) {
    return partition.topic().equals(Topics.EVENTS);
  }

  /** All partitions that this worker will have are assigned at once. */
  private static int mostKnown(int numbers) {
    return RecentKeys.mostWithin(
        Runtime.getRuntime().maxMemory() / SHARE_FOR_KEYS / Math.max(1, numbers));
  }

  private OutcomeTail.Memory memory(Map<Integer, Instant> needed, Instant now) {
    return new OutcomeTail.Memory() {
      @Override
      public void report(int partition, Report report) {
        journal(partition).remember(report, mayBeUnfollowed(partition, report.at()), now);
      }

      @Override
      public void delivered(int partition, Delivered delivered, Instant written) {
        journal(partition).remember(delivered, mayBeUnfollowed(partition, written), now);
      }

      @Override
      public void run(int partition, ConsumerRecord<byte[], byte[]> run) {
        journal(partition).rememberRun(run, now);
      }

      private boolean mayBeUnfollowed(int partition, Instant decided) {
        return !decided.isBefore(
            needed.getOrDefault(partition, now).minus(ReportsNeeded.CLOCK_SKEW));
      }
    };
  }

  private Journal journal(int number) {
    return Objects.requireNonNull(journals.get(number));
  }

  private Assigned begin(TopicPartition partition) {
    RetryTiers.Tier tier = tierOf.get(partition.topic());
    WaitingLine<Held> line =
        tier == null ? null : new WaitingLine<>(tier.delay(), topics.tiers().shortest().delay());
    return new Assigned(partition, consumer.position(partition), lease, line);
  }

  /**
   * By partition number: from when on every report is needed. Deliveries may have been handed over
   * that never lay here, so that nothing is open tells nothing; and all that was written for events
   * above one that is open will be again.
   */
  private Map<Integer, Instant> inherit(Collection<TopicPartition> newOnes, Instant now) {
    Instant events = openEvents.begin(now);
    Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(Set.copyOf(newOnes));
    Map<TopicPartition, Long> ends = consumer.endOffsets(newOnes);
    Map<Integer, Instant> needed = new HashMap<>();
    for (Assigned partition : assigned(newOnes)) {
      TopicPartition tp = partition.partition();
      long end = end(partition, ends.getOrDefault(tp, 0L));
      boolean nothingOpen = partition.ledger().watermark() >= end;
      Instant since = nothingOpen ? now : ReportsNeeded.since(commits.get(tp), now);
      partition.inherit(since, end);
      if (!partition.isOfEvents()) {
        needed.merge(tp.partition(), since, Assignment::earlier);
      }
    }
    needed.replaceAll((_, since) -> earlier(since, events));
    return needed;
  }

  /** Up to where somebody may have done something for what lay there; of a backlog, no further. */
  private static long end(Assigned partition, long last) {
    if (partition.isOfDeliveries()) {
      return Assigned.UNKNOWN;
    }
    long furthest = partition.ledger().watermark() + Assigned.FURTHEST_HANDED_OVER + 1;
    return partition.isOfEvents() ? Math.min(last, furthest) : last;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> leaving) {
    release(leaving, DRAIN_ON_REVOKE);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> leaving) {
    assigned(leaving).forEach(partition -> partition.ledger().withdraw());
    forget(leaving);
  }

  /** Lets everything go. */
  void releaseAll(Duration patience) {
    release(List.copyOf(partitions.keySet()), patience);
  }

  private void release(Collection<TopicPartition> leaving, Duration patience) {
    List<Assigned> partitionsLeaving = assigned(leaving);
    drain(partitionsLeaving, patience);
    try {
      commitAtOnce(watermarks(partitionsLeaving));
    } catch (KafkaException e) {
      LOG.warn("could not commit before leaving, some records are read again: {}", e.toString());
    }
    forget(leaving);
  }

  /** A wake-up that was meant for the poll before must not cost the commit. */
  private void commitAtOnce(Map<TopicPartition, OffsetAndMetadata> watermarks) {
    CrashPoint.BEFORE_COMMIT.reached();
    try {
      consumer.commitSync(watermarks);
    } catch (WakeupException e) {
      consumer.commitSync(watermarks);
    }
  }

  private List<Assigned> assigned(Collection<TopicPartition> some) {
    return partitions.values().stream()
        .filter(partition -> some.contains(partition.partition()))
        .toList();
  }

  private void forget(Collection<TopicPartition> leaving) {
    past.forget();
    assigned(leaving).forEach(partition -> partition.ledger().giveAway());
    leaving.forEach(partitions::remove);
    leaving.stream()
        .filter(partition -> !isOfEvents(partition))
        .forEach(partition -> journals.remove(partition.partition()));
  }

  /**
   * Waits for what was started, up to a limit; what was not started is left to the next worker. Who
   * waits does not stand still, so what comes in meanwhile is ours to report; once the lease has
   * lapsed nothing is.
   */
  private void drain(Collection<Assigned> leaving, Duration limit) {
    leaving.forEach(partition -> partition.ledger().withdraw());
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (lease.holds() && System.nanoTime() < end && anyBusy(leaving)) {
        lease.renew();
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean anyBusy(Collection<Assigned> leaving) {
    return leaving.stream().anyMatch(one -> one.ledger().busy());
  }

  /** Remembers some more of what was done long before. */
  void recollect() {
    past.goOn();
  }

  /** Looks whether all has settled that another had in hand, and how far what came of it goes. */
  void followEvents() {
    try {
      if (openEvents.arePast() || !openEvents.haveSettled()) {
        return;
      }
      List<TopicPartition> deliveries =
          all().stream().filter(Assigned::isOfDeliveries).map(Assigned::partition).toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(deliveries, OpenEvents.PATIENCE);
      assigned(deliveries).forEach(one -> one.endsAt(ends.getOrDefault(one.partition(), 0L)));
      openEvents.forget();
    } catch (KafkaException e) {
      LOG.debug("the next look will tell: {}", e.toString());
    }
  }

  /** Decisions of other workers whose records were all read again are of no use any more. */
  void forgetUnfollowed(Instant now) {
    if (now.isBefore(assigned.plus(ReportsNeeded.CLOCK_SKEW))) {
      return;
    }
    journals.forEach(
        (number, journal) -> {
          if (journal.hasUnfollowed() && handedOut(number)) {
            journal.forgetUnfollowed();
          }
        });
  }

  private boolean handedOut(int number) {
    return all().stream()
        .filter(one -> one.partition().partition() == number && !one.isOfEvents())
        .allMatch(Assigned::handedOut);
  }

  /**
   * Commits where the watermark has moved, or everywhere. Where events have moved something may
   * have been handed over that belongs into any partition of deliveries.
   */
  void commit(boolean everywhere) {
    all().forEach(one -> one.ledger().readUpTo(consumer.position(one.partition())));
    boolean routed = all().stream().anyMatch(one -> one.isOfEvents() && one.moved());
    List<Assigned> some =
        all().stream()
            .filter(one -> everywhere || one.moved() || (routed && one.isOfDeliveries()))
            .toList();
    Map<TopicPartition, OffsetAndMetadata> watermarks = watermarks(some);
    if (!watermarks.isEmpty()) {
      CrashPoint.BEFORE_COMMIT.reached();
      consumer.commitAsync(
          watermarks,
          (_, fault) -> {
            if (fault == null) {
              some.forEach(one -> one.committed(offset(watermarks, one)));
            } else {
              LOG.debug("a later commit will make up for this one: {}", fault.toString());
            }
          });
    }
  }

  private static long offset(Map<TopicPartition, OffsetAndMetadata> commits, Assigned partition) {
    return Objects.requireNonNull(commits.get(partition.partition())).offset();
  }

  private Map<TopicPartition, OffsetAndMetadata> watermarks(Collection<Assigned> some) {
    Instant now = clock.instant();
    Instant handedOver = handedOverSince(now);
    Map<TopicPartition, OffsetAndMetadata> watermarks = new HashMap<>();
    for (Assigned partition : some) {
      long offset = partition.ledger().watermark();
      Instant own = partition.since(now);
      Instant since = partition.isOfDeliveries() ? earlier(own, handedOver) : own;
      watermarks.put(partition.partition(), new OffsetAndMetadata(offset, since.toString()));
    }
    return watermarks;
  }

  private Instant handedOverSince(Instant now) {
    return all().stream()
        .filter(one -> one.isOfEvents())
        .map(one -> one.ledger().since(now))
        .reduce(now, Assignment::earlier);
  }
}
