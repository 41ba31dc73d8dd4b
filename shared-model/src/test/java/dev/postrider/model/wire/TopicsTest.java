// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.retry.RetryTiers;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicsTest {

  private static final long MANY = 10_000_000_000_000L;

  static Stream<byte[]> keys() {
    return Stream.generate(() -> ("dst_" + UUID.randomUUID()).getBytes(UTF_8)).limit(50);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void findsAKeyWhereKafkasProducersPutIt(byte[] key) {
    assertThat(having(12).home(key)).isEqualTo(BuiltInPartitioner.partitionForKey(key, 12));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void comesLaterInTheOrderOfItsKeyHoweverOftenTheCountIsMultiplied(byte[] key) {
    int partition = having(3).home(key);
    for (int count : new int[] {6, 24, 48, 4080}) {
      int next = having(count).home(key);

      assertThat(next).isGreaterThanOrEqualTo(partition);
      if (next > partition) {
        assertThat(Position.of(next, 0)).isGreaterThan(Position.of(partition, MANY));
      }
      partition = next;
    }
  }

  private static Topics having(int partitions) {
    return new Topics(partitions, 1, RetryTiers.DEFAULT);
  }
}
