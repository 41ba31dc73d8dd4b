// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.outcome;

import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.worker.publish.Publisher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of reports that nobody waits for. */
class GatheredReportsTest {

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final GatheredReports reports = new GatheredReports(new Publisher(kafka));

  @AfterEach
  void close() {
    reports.close();
  }

  @Test
  void areWrittenInTheOrderInWhichTheyCame() {
    List<CompletableFuture<Void>> written = List.of(write("a"), write("b"), write("c"));

    await().untilAsserted(() -> assertThat(written).allMatch(CompletableFuture::isDone));
    assertThat(events()).containsExactly("a", "b", "c");
  }

  @Test
  void areWrittenWhenSomeWereBeforeThem() {
    CompletableFuture<Void> before = write("a");
    await().untilAsserted(() -> assertThat(before).isCompleted());
    CompletableFuture<Void> after = write("b");
    await().untilAsserted(() -> assertThat(after).isCompleted());

    assertThat(events()).containsExactly("a", "b");
  }

  @Test
  void areWrittenAfterOneThatMetADefect() {
    kafka.sendException = new IllegalStateException("a defect");
    CompletableFuture<Void> unlucky = write("a");
    await().untilAsserted(() -> assertThat(unlucky).isCompletedExceptionally());

    kafka.sendException = null;
    CompletableFuture<Void> next = write("b");
    await().untilAsserted(() -> assertThat(next).isCompleted());
    assertThat(events()).containsExactly("b");
  }

  private CompletableFuture<Void> write(String event) {
    Decision delivered = new Decision.Finished(DeliveryState.DELIVERED);
    return reports.write(Report.of(delivery(event, 1), null, delivered, NOON));
  }

  private List<String> events() {
    return kafka.history().stream()
        .map(record -> ModelJson.readReport(record.value()).ceId())
        .toList();
  }
}
