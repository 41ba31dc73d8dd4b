// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  private static final TopicPartition FIRST = new TopicPartition(Topics.DELIVERIES, 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Assignment assignment =
      new Assignment(
          consumer,
          new OutcomeTail("nowhere.invalid:1", new Topics(1, 1, RetryTiers.DEFAULT)),
          new Lease(() -> 0),
          RetryTiers.DEFAULT,
          Duration.ofMinutes(10),
          _ -> {},
          Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC));

  @Test
  void servesNothingWhosePastItCouldNotReadAndAsksForItAnew() {
    consumer.assign(List.of(FIRST));
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L));
    consumer.updateEndOffsets(Map.of(FIRST, 5L));

    assertThatThrownBy(() -> assignment.onPartitionsAssigned(List.of(FIRST)))
        .isInstanceOf(KafkaException.class);

    assertThat(assignment.all()).isEmpty();
    assertThat(consumer.shouldRebalance()).isTrue();
  }
}
