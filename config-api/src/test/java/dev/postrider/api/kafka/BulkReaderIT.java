// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

class BulkReaderIT {

  private static final int EACH = 5_000;

  private final String topic = "bulk-" + UUID.randomUUID();

  @BeforeEach
  void fill() throws Exception {
    try (Admin admin = Admin.create(client())) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }
    try (var producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int number = 0; number < EACH; number++) {
        byte[] value = Integer.toString(number).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(topic, 0, (long) number, null, value));
        producer.send(new ProducerRecord<>(topic, 1, (long) number, null, value));
      }
    }
  }

  @Test
  void readsWhatLiesAtCertainOffsetsInAnyOrderOfAsking() {
    try (BulkReader reader = reader()) {
      assertThat(at(reader, 0, 7, 8, 4_000)).containsExactly(7L, 8L, 4_000L);
      assertThat(at(reader, 0, 4_001, 4_003)).containsExactly(4_001L, 4_003L);
      assertThat(at(reader, 0, 3, 4_002)).containsExactly(3L, 4_002L);
      assertThat(at(reader, 1, 4_999, 0)).containsExactly(0L, 4_999L);
      assertThat(at(reader, 0, 5_000, 9_000)).isEmpty();
      assertThat(at(reader, 7, 1)).isEmpty();
    }
  }

  @Test
  void readsBothPartitionsAtOnceStepByStep() {
    List<Long> found = new ArrayList<>();
    try (BulkReader reader = reader()) {
      for (long from = 0; from < EACH; from += 50) {
        List<Long> step =
            LongStream.range(from, from + 50).filter(n -> n % 3 == 0).boxed().toList();
        reader.at(Map.of(0, step, 1, step)).forEach(record -> found.add(record.offset()));
      }
    }
    assertThat(found).hasSize(2 * ((EACH + 2) / 3));
  }

  @Test
  void leavesOutWhatIsPastRetention() throws Exception {
    forgetUpTo(1_000);
    try (BulkReader reader = reader()) {
      assertThat(at(reader, 0, 1, 999, 1_000, 1_001)).containsExactly(1_000L, 1_001L);
      assertThat(at(reader, 0, 5)).isEmpty();
      assertThat(reader.read(Map.of(0, 0L), Map.of(0, 1_001L)).records()).hasSize(1);
    }
  }

  @Test
  void readsAStretchAfterTheOtherUpToTheEnds() {
    try (BulkReader reader = reader()) {
      Map<Integer, Long> ends = Map.of(0, 2_000L, 1, (long) EACH);
      Map<Integer, Long> next = new TreeMap<>(reader.offsetsAt(Instant.ofEpochMilli(1_500)));
      assertThat(next).isEqualTo(Map.of(0, 1_500L, 1, 1_500L));
      int count = 0;
      for (BulkReader.Stretch stretch = reader.read(next, ends);
          !stretch.records().isEmpty();
          stretch = reader.read(stretch.next(), ends)) {
        count += stretch.records().size();
      }
      assertThat(count).isEqualTo(500 + EACH - 1_500);
      assertThat(at(reader, 1, 9)).containsExactly(9L);
    }
  }

  private static List<Long> at(BulkReader reader, int partition, int... offsets) {
    List<Long> wanted = IntStream.of(offsets).mapToObj(Long::valueOf).toList();
    return reader.at(Map.of(partition, wanted)).stream().map(ConsumerRecord::offset).toList();
  }

  private void forgetUpTo(long offset) throws Exception {
    try (Admin admin = Admin.create(client())) {
      var up = RecordsToDelete.beforeOffset(offset);
      admin.deleteRecords(Map.of(new TopicPartition(topic, 0), up)).all().get();
    }
  }

  private BulkReader reader() {
    return new RecordReader(
            new DefaultKafkaConsumerFactory<>(Kafka.readerSettings(TestKafka.bootstrapServers())))
        .open(topic);
  }

  private static Map<String, Object> client() {
    return Map.of("bootstrap.servers", TestKafka.bootstrapServers());
  }
}
