// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/** Whatever lies in a topic, what lies behind it is served. */
class PoisonIT {

  private static final byte[] DESTINATION =
      "dst_019aa000-0000-7000-8000-000000000009".getBytes(UTF_8);

  @Test
  void k6StartsAndServesAmongPoisonInEveryTopic() throws Exception {
    try (TestWorker first = TestWorker.start()) {
      for (String topic : List.of(Topics.DESTINATIONS, Topics.OUTCOMES, Topics.DELIVERIES)) {
        for (String value : List.of("null", "{}", "{\"event_types\":[]}", "garbage", "[]")) {
          first.send(new ProducerRecord<>(topic, DESTINATION, value.getBytes(UTF_8)));
        }
        first.send(new ProducerRecord<>(topic, DESTINATION, null));
      }
      first.send(new ProducerRecord<>(Topics.DELIVERIES, null, (byte[]) null));
      first.send(withNullHeader(Topics.DELIVERIES));
      first.send(withNullHeader("postrider.deliveries.retry.1s"));
      first.send(attribute("ce_type", new byte[700_000]));
      first.send(attribute("ce_time", "+999999999-12-31T23:59:59Z".getBytes(UTF_8)));
    }

    try (TestWorker second = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(500, 200)) {
      second.subscribe(receiver, TestWorker.FAST_RETRY);
      second.publish(TestEvents.of("behind.poison", "{}"));

      receiver.take();
      assertThat(receiver.take().header("ce-type")).isEqualTo("behind.poison");
      assertThat(second.undecodableReasons(4))
          .anyMatch(reason -> reason.startsWith("attributes are"))
          .anyMatch(reason -> reason.startsWith("time must be an RFC 3339 time"));
      assertThat(second.bean(LoopsHealth.class).health().getStatus()).isEqualTo(Status.UP);
    }
  }

  private static ProducerRecord<byte[], byte[]> withNullHeader(String topic) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, DESTINATION, new byte[0]);
    record.headers().add("postrider-delivery", null);
    record.headers().add("postrider-due", null);
    return record;
  }

  private static ProducerRecord<byte[], byte[]> attribute(String name, byte[] value) {
    Map<String, String> good =
        Map.of("specversion", "1.0", "id", "1", "source", "/a", "type", "t", "tenantid", "acme");
    ProducerRecord<byte[], byte[]> record =
        EventCodec.publish(new EventDraft(good, "application/json", Payload.EMPTY));
    record.headers().remove(name);
    record.headers().add(name, value);
    return record;
  }
}
