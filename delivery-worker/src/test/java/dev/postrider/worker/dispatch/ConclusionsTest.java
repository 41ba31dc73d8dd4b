// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.NOON;
import static dev.postrider.worker.TestDeliveries.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.trace.Tracing;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.outcome.OutcomeLog;
import dev.postrider.worker.publish.Publisher;
import dev.postrider.worker.retry.RetryTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What follows a report, and when. */
class ConclusionsTest {

  private static final Decision RETRY =
      new Decision.Parked(NOON.plusSeconds(5), Decision.Why.RETRY);

  private final MockProducer<byte[], byte[]> kafka = producer();
  private final MockProducer<byte[], byte[]> prompt = producer();
  private final Conclusions conclusions = conclusions(new Publisher(kafka), new Publisher(prompt));
  private final Hold hold = new Hold();

  private static MockProducer<byte[], byte[]> producer() {
    return new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Conclusions conclusions(Publisher publisher, Publisher prompt) {
    var metrics = new DeliveryMetrics(new SimpleMeterRegistry(), RetryTiers.DEFAULT);
    var retries = new RetryTopics(RetryTiers.DEFAULT, publisher, metrics, Tracing.OFF, () -> NOON);
    return new Conclusions(
        new OutcomeLog(publisher, prompt), retries, new Backlogs(), metrics, Runnable::run);
  }

  /** A claim that its holder may lose. */
  private static final class Hold implements Claim {

    private boolean held = true;
    private boolean settled;

    @Override
    public boolean start() {
      return true;
    }

    @Override
    public boolean held() {
      return held;
    }

    @Override
    public void settle() {
      settled = true;
    }
  }

  @Test
  void settlesOnceReportAndRetryRecordAreWritten() {
    conclude(RETRY, false);
    assertThat(topics()).containsExactly("postrider.outcomes");

    kafka.completeNext();
    assertThat(topics()).containsExactly("postrider.outcomes", "postrider.deliveries.retry.5s");
    assertThat(hold.settled).isFalse();

    kafka.completeNext();
    assertThat(hold.settled).isTrue();
  }

  @Test
  void k5LeavesWhatFollowsToTheNewOwnerOfThePartition() {
    conclude(RETRY, false);
    hold.held = false;
    kafka.completeNext();

    assertThat(topics()).containsExactly("postrider.outcomes");
    assertThat(hold.settled).isFalse();
  }

  @Test
  void doesNotLetAReportLingerThatTheNextOfItsDestinationWaitsFor() {
    conclude(RETRY, true);

    assertThat(prompt.history()).hasSize(1);
    assertThat(kafka.history()).isEmpty();
  }

  @Test
  void b19WritesAllReportsOfAnOrderThroughOneProducer() {
    conclude(new Work(delivery("e", 1), hold, NOON).inOrder(), RETRY, true);
    conclude(new Work(delivery("f", 1), hold, NOON).inOrder(), RETRY, false);

    assertThat(prompt.history()).hasSize(2);
    assertThat(kafka.history()).isEmpty();
  }

  private void conclude(Decision decision, boolean awaited) {
    conclude(new Work(delivery("e", 1), hold, NOON), decision, awaited);
  }

  private void conclude(Work work, Decision decision, boolean awaited) {
    conclusions.conclude(work, null, decision, NOON, awaited);
  }

  private List<String> topics() {
    return kafka.history().stream().map(ProducerRecord::topic).toList();
  }
}
