// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.outcome;

import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.ReportCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.publish.Publisher;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of the worker: what was decided about a delivery is written here before
 * anything follows from it.
 */
public final class OutcomeLog {

  private static final String LAST_OUTCOME = "postrider-outcome";

  private final Publisher publisher;
  private final Publisher prompt;

  /**
   * Writes through these publishers.
   *
   * @param prompt for reports that somebody waits for, and for all of a destination that takes its
   *     events in order: they stand in the topic as they were decided
   */
  public OutcomeLog(Publisher publisher, Publisher prompt) {
    this.publisher = publisher;
    this.prompt = prompt;
  }

  /**
   * Completes when the report is safe.
   *
   * @param awaited whether something of the same destination is sent only then
   */
  public CompletableFuture<Void> write(Report report, boolean awaited) {
    boolean inOrder = report.place() != null;
    return (awaited || inOrder ? prompt : publisher).publish(ReportCodec.write(report));
  }

  /**
   * Completes when it is safe what the destination has put off.
   *
   * @param backlog null when nothing is any more
   */
  public CompletableFuture<Void> write(DestinationId destination, @Nullable Backlog backlog) {
    byte @Nullable [] value = backlog == null ? null : ModelJson.write(backlog);
    return publisher.publish(
        new ProducerRecord<>(Topics.BACKLOGS, DeliveryCodec.key(destination), value));
  }

  /**
   * Completes when the exhausted delivery lies among the dead letters, its last report beside it.
   */
  public CompletableFuture<Void> writeDeadLetter(Delivery delivery, Report last) {
    ProducerRecord<byte[], byte[]> record =
        DeliveryCodec.write(Topics.DEAD_LETTERS, delivery, last.at());
    record.headers().add(LAST_OUTCOME, ModelJson.write(last));
    return publisher.publish(record);
  }
}
