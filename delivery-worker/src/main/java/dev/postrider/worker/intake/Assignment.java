// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Backlog;
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
  private final OutcomeTail tail;
  private final Lease lease;
  private final Map<String, RetryTiers.Tier> tierOf;
  private final Duration shortestWait;
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

  /**
   * Nothing assigned yet.
   *
   * @param lease begins anew with each assignment
   * @param tiers of the wheel
   * @param remembered how long an event is known at least
   * @param successor is told at each assignment, which is always of all partitions this worker has,
   *     what was put off of destinations that want order
   */
  Assignment(
      Consumer<byte[], byte[]> consumer,
      OutcomeTail tail,
      Lease lease,
      RetryTiers tiers,
      Duration remembered,
      Successor successor,
      InstantSource clock) {
    this.consumer = consumer;
    this.tail = tail;
    this.lease = lease;
    this.tierOf = tiers.tiers().stream().collect(Collectors.toMap(Topics::retry, tier -> tier));
    this.shortestWait = tiers.shortest().delay();
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

  /** What the journal of the partition says about a delivery, which it remembers from now on. */
  Journal.Finding admit(Assigned partition, Delivery delivery, Instant now) {
    Journal journal = journals.get(partition.partition().partition());
    return Objects.requireNonNull(journal).admit(delivery, now);
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
    int most = mostKnown(newOnes);
    for (TopicPartition partition : newOnes) {
      partitions.put(partition, begin(partition));
      journals.computeIfAbsent(partition.partition(), _ -> new Journal(remembered, most, now));
    }
    Map<Integer, Instant> needed = inherit(newOnes, now);
    successor.accept(tail.read(needed, now.minus(remembered), memory(needed, now)));
  }

  /** All partitions that this worker will have are assigned at once. */
  private static int mostKnown(Collection<TopicPartition> newOnes) {
    long numbers = newOnes.stream().mapToInt(TopicPartition::partition).distinct().count();
    return RecentKeys.mostWithin(Runtime.getRuntime().maxMemory() / SHARE_FOR_KEYS / numbers);
  }

  private OutcomeTail.Memory memory(Map<Integer, Instant> needed, Instant now) {
    return new OutcomeTail.Memory() {
      @Override
      public void report(int partition, Report report) {
        remember(report, partition, needed.getOrDefault(partition, now), now);
      }

      @Override
      public void run(int partition, ConsumerRecord<byte[], byte[]> run) {
        Objects.requireNonNull(journals.get(partition)).rememberRun(run, now);
      }
    };
  }

  private void remember(Report report, int number, Instant needed, Instant now) {
    boolean mayBeUnfollowed = !report.at().isBefore(needed);
    Objects.requireNonNull(journals.get(number)).remember(report, mayBeUnfollowed, now);
  }

  private Assigned begin(TopicPartition partition) {
    RetryTiers.Tier tier = tierOf.get(partition.topic());
    WaitingLine<Held> line = tier == null ? null : new WaitingLine<>(tier.delay(), shortestWait);
    return new Assigned(partition, consumer.position(partition), lease, line);
  }

  /** By partition number: from when on every report is needed. */
  private Map<Integer, Instant> inherit(Collection<TopicPartition> newOnes, Instant now) {
    Map<TopicPartition, OffsetAndMetadata> commits = consumer.committed(Set.copyOf(newOnes));
    Map<TopicPartition, Long> ends = consumer.endOffsets(newOnes);
    Map<Integer, Instant> needed = new HashMap<>();
    for (Assigned partition : assigned(newOnes)) {
      TopicPartition tp = partition.partition();
      long end = ends.getOrDefault(tp, 0L);
      boolean nothingOpen = partition.ledger().watermark() >= end;
      Instant since = nothingOpen ? now : ReportsNeeded.since(commits.get(tp), now);
      partition.inherit(since, end);
      needed.merge(tp.partition(), since, (one, other) -> one.isBefore(other) ? one : other);
    }
    return needed;
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
    assigned(leaving).forEach(partition -> partition.ledger().giveAway());
    leaving.forEach(partitions::remove);
    leaving.forEach(partition -> journals.remove(partition.partition()));
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
        .filter(one -> one.partition().partition() == number)
        .allMatch(Assigned::handedOut);
  }

  /** Commits where the watermark has moved, or everywhere. */
  void commit(boolean everywhere) {
    Map<TopicPartition, OffsetAndMetadata> watermarks =
        watermarks(all().stream().filter(one -> everywhere || one.moved()).toList());
    if (!watermarks.isEmpty()) {
      CrashPoint.BEFORE_COMMIT.reached();
      consumer.commitAsync(
          watermarks,
          (_, fault) -> {
            if (fault != null) {
              LOG.debug("a later commit will make up for this one: {}", fault.toString());
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> watermarks(Collection<Assigned> some) {
    Instant now = clock.instant();
    Map<TopicPartition, OffsetAndMetadata> watermarks = new HashMap<>();
    for (Assigned partition : some) {
      OffsetLedger ledger = partition.ledger();
      long offset = ledger.watermark();
      partition.committed(offset);
      watermarks.put(
          partition.partition(), new OffsetAndMetadata(offset, partition.since(now).toString()));
    }
    return watermarks;
  }
}
