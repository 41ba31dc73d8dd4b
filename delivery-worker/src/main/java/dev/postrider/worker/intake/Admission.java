// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.worker.dispatch.Claim;
import dev.postrider.worker.dispatch.Dispatchers;
import dev.postrider.worker.publish.Publisher;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what was taken goes: to the dispatcher, past the journal of its partition, or back to
 * Kafka.
 *
 * <pre>
 *   admit ─► journal ─┬─ not seen ─► dispatchers.accept, if somebody has ordered it once that is written
 *                     ├─ reported ─► dispatchers.repeat
 *                     └─ known ────► settled
 *   write ─► somewhere else ───────► settled
 * </pre>
 *
 * Confined to the intake's thread.
 */
final class Admission {

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final Assignment assignment;
  private final Dispatchers dispatchers;
  private final Publisher publisher;

  Admission(Assignment assignment, Dispatchers dispatchers, Publisher publisher) {
    this.assignment = assignment;
    this.dispatchers = dispatchers;
    this.publisher = publisher;
  }

  /**
   * Takes a delivery that is due.
   *
   * @param partition where the records of its destination lie
   */
  void admit(Assigned partition, Delivery delivery, Claim claim, Instant now) {
    orRefused(delivery, claim, () -> go(partition, delivery, claim, now));
  }

  /** A defect that one delivery brings to light must end with it, not with the loop for all. */
  void orRefused(Delivery delivery, Claim claim, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      dispatchers.refuse(delivery, claim, e);
    }
  }

  private void go(Assigned partition, Delivery delivery, Claim claim, Instant now) {
    switch (assignment.admit(partition, delivery, now)) {
      case Journal.Finding.Fresh() when isOrder(partition, delivery) ->
          begin(partition, delivery, claim, now);
      case Journal.Finding.Fresh() -> dispatchers.accept(delivery, claim);
      case Journal.Finding.Reported(var report) -> dispatchers.repeat(delivery, report, claim);
      case Journal.Finding.Known() -> claim.settle();
    }
  }

  private static boolean isOrder(Assigned partition, Delivery delivery) {
    return partition.line() == null && delivery.run().supersedes();
  }

  /** What waits of older runs must be outdated for whoever meets it, before anything is sent. */
  private void begin(Assigned partition, Delivery delivery, Claim claim, Instant now) {
    int number = partition.partition().partition();
    publisher
        .publish(Runs.write(number, delivery, now))
        .whenComplete((_, fault) -> begun(delivery, claim, fault));
  }

  private void begun(Delivery delivery, Claim claim, @Nullable Throwable fault) {
    if (fault == null) {
      dispatchers.accept(delivery, claim);
    } else {
      LOG.error("{} stays unsettled and will be read again", delivery.id(), fault);
    }
  }

  /** Settles what this record was made of, as soon as it is safe. */
  void write(ProducerRecord<byte[], byte[]> record, Claim claim) {
    settleWith(publisher.publish(record), claim);
  }

  static void settleWith(CompletableFuture<Void> written, Claim claim) {
    written.whenComplete(
        (_, fault) -> {
          if (fault == null) {
            claim.settle();
          } else {
            LOG.error("a record stays unsettled and will be read again", fault);
          }
        });
  }
}
