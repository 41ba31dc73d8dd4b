// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static dev.postrider.model.wire.TestModel.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadingLagTest {

  private static final TopicPartition PARTITION = new TopicPartition(Topics.EVENTS, 0);

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final ReadingLag lag = new ReadingLag(now::get);

  @BeforeEach
  void assign() {
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 7L));
    look(7);
  }

  @Test
  void isNothingWhereThereIsNothing() {
    assertThat(lag.records()).isZero();
    assertThat(lag.seconds()).isZero();
  }

  @Test
  void isTheAgeOfWhatWasReadAndIsNotDone() {
    lag.begun(NOON.minusSeconds(5));
    lag.begun(NOON.minusSeconds(3));

    assertThat(lag.seconds()).isEqualTo(5);
    lag.done();
    assertThat(lag.seconds()).isEqualTo(3);
    lag.anew();
    assertThat(lag.seconds()).isZero();
  }

  @Test
  void growsWhileNobodyReads() {
    look(10);
    now.set(NOON.plusSeconds(60));
    look(12);

    assertThat(lag.records()).isEqualTo(5);
    assertThat(lag.seconds()).isEqualTo(60);
  }

  @Test
  void doesNotGrowWhileSomebodyDoes() {
    look(10);
    now.set(NOON.plusSeconds(60));
    lag.begun(NOON.plusSeconds(59));
    lag.done();
    look(12);

    assertThat(lag.seconds()).isZero();
  }

  private void look(long end) {
    consumer.updateEndOffsets(Map.of(PARTITION, end));
    consumer.poll(Duration.ZERO);
    lag.take(consumer);
  }
}
