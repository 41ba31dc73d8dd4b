// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Run;
import dev.postrider.test.TestRecords;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class DeliveryCodecTest {

  private static final long OFFSET = 7;
  private static final Delivery FIRST = Delivery.first(TestModel.event(), TestModel.DESTINATION_ID);

  @Test
  void readsBackAFirstDelivery() {
    assertThat(readBack(FIRST)).usingRecursiveComparison().ignoringFields("place").isEqualTo(FIRST);
  }

  @Test
  void numbersADeliveryByTheOffsetOfItsFirstRecordAndKeepsItsPlace() {
    Delivery read = readBack(FIRST);
    assertThat(read.place()).isEqualTo(new Place(OFFSET, null));

    Delivery placed =
        new Delivery(
                read.id(),
                read.destination(),
                read.event(),
                1,
                null,
                null,
                new Place(3, null),
                Run.ORIGINAL)
            .behind(2);
    assertThat(readBack(placed).place()).isEqualTo(new Place(3, 2L));
  }

  @Test
  void keepsItsPlaceHoweverOftenItIsMoved() {
    ProducerRecord<byte[], byte[]> first =
        DeliveryCodec.write(Topics.DELIVERIES, FIRST, TestModel.NOON);

    ProducerRecord<byte[], byte[]> moved =
        DeliveryCodec.moved(TestRecords.read(first, 3, OFFSET), 15);
    ProducerRecord<byte[], byte[]> again = DeliveryCodec.moved(TestRecords.read(moved, 15, 0), 27);

    assertThat(DeliveryCodec.read(TestRecords.read(again, 27, 0)).place().number())
        .isEqualTo(Position.of(3, OFFSET));
    assertThat(again.partition()).isEqualTo(27);
    assertThat(again.headers()).hasSameSizeAs(moved.headers());
    assertThat(again.timestamp()).isEqualTo(TestModel.NOON.toEpochMilli());
  }

  @Test
  void readsBackTheRunThatSomebodyOrdered() {
    Delivery ordered = readBack(FIRST).in(new Run(17, 4, Run.Purpose.CANCEL));

    assertThat(readBack(ordered)).isEqualTo(ordered);
  }

  @Test
  void readsBackAWaitingDelivery() {
    Delivery waiting =
        readBack(FIRST)
            .waiting(4, new Decision.Parked(TestModel.NOON.plusMillis(1234), Decision.Why.PACED));

    assertThat(readBack(waiting)).isEqualTo(waiting);
  }

  @Test
  void k16DoesNotGrowOverTwentyRetries() {
    Decision.Parked retry = new Decision.Parked(TestModel.NOON, Decision.Why.RETRY);
    Delivery waiting = readBack(FIRST).waiting(10, retry);
    ProducerRecord<byte[], byte[]> once = DeliveryCodec.write("t", waiting, Instant.EPOCH);
    for (int retries = 0; retries < 20; retries++) {
      waiting = readBack(waiting).waiting(10 + retries, retry);
    }
    ProducerRecord<byte[], byte[]> last = DeliveryCodec.write("t", waiting, Instant.EPOCH);

    assertThat(length(last)).isEqualTo(length(once));
    assertThat(last.headers()).hasSameSizeAs(once.headers());
  }

  private static int length(ProducerRecord<byte[], byte[]> record) {
    int length = record.value().length;
    for (Header header : record.headers()) {
      length += header.key().length() + header.value().length;
    }
    return length;
  }

  @Test
  void refusesARecordThatIsNoDelivery() {
    ConsumerRecord<byte[], byte[]> empty =
        new ConsumerRecord<>(Topics.DELIVERIES, 0, 0, null, null);

    assertThatThrownBy(() -> DeliveryCodec.read(empty))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Delivery readBack(Delivery delivery) {
    ProducerRecord<byte[], byte[]> record =
        DeliveryCodec.write(Topics.DELIVERIES, delivery, TestModel.NOON);
    return DeliveryCodec.read(TestRecords.read(record, 0, OFFSET));
  }
}
