// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.event.PlatformEvent;
import dev.postrider.test.TestRecords;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {

  private static final String STRUCTURED =
      """
      {"specversion":"1.0","id":"A-1","source":"/monitoring","type":"incident.triggered",
       "tenantid":"acme","datacontenttype":"application/json","data": { "n": 1.50 , "s":"Z\\u00fcrich"} }
      """;

  @Test
  void readsBackWhatItPublished() {
    ProducerRecord<byte[], byte[]> published = EventCodec.publish(TestModel.draft());

    PlatformEvent event = event(published.headers(), published.value());

    assertThat(event).isEqualTo(TestModel.event());
    assertThat(published.key()).isEqualTo("acme".getBytes(UTF_8));
  }

  @Test
  void keepsStructuredDataByteForByte() {
    Headers headers =
        headers(Map.of("content-type", "application/cloudevents+json; charset=UTF-8"));

    PlatformEvent event = event(headers, STRUCTURED.getBytes(UTF_8));

    assertThat(new String(event.payload().bytes(), UTF_8))
        .isEqualTo("{ \"n\": 1.50 , \"s\":\"Z\\u00fcrich\"}");
    assertThat(event.contentType()).isEqualTo("application/json");
    assertThat(event.attributes())
        .containsOnlyKeys("specversion", "id", "source", "type", "tenantid");
  }

  @Test
  void takesTheTraceFromAPlainHeaderUnlessTheEventHasOne() {
    ProducerRecord<byte[], byte[]> published = EventCodec.publish(TestModel.draft());
    published.headers().add("traceparent", "00-1-2-01".getBytes(UTF_8));

    assertThat(event(published.headers(), published.value()).attribute("traceparent"))
        .isEqualTo("00-1-2-01");
  }

  static Stream<Arguments> poison() {
    Map<String, String> good =
        Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/a", "ce_type", "t");
    return Stream.of(
        Arguments.of(Map.of(), "garbage", "no CloudEvent"),
        Arguments.of(good, "{}", "tenantid is required"),
        Arguments.of(with(good, "ce_tenantid", "Acme!"), "{}", "tenant must be"),
        Arguments.of(with(with(good, "ce_tenantid", "a"), "ce_type", "a b"), "{}", "type must be"),
        Arguments.of(with(with(good, "ce_tenantid", "a"), "ce_a b", "x"), "{}", "must be named"),
        Arguments.of(
            with(with(good, "ce_tenantid", "a"), "content-type", "a\r\nX: 1"), "{}", "media type"),
        Arguments.of(with(with(good, "ce_tenantid", "a"), "ce_time", "noon"), "{}", "time must be"),
        Arguments.of(
            with(with(good, "ce_tenantid", "a"), "ce_time", "+999999999-01-01T00:00:00Z"),
            "{}",
            "time must be"),
        Arguments.of(
            with(with(good, "ce_tenantid", "a"), "ce_two words", "x"), "{}", "two words must be"),
        Arguments.of(
            with(with(good, "ce_tenantid", "a"), "content-type", "a\r\nb"), "{}", "media type"),
        Arguments.of(Map.of("content-type", "application/cloudevents+json"), "[]", "JSON object"),
        Arguments.of(Map.of("content-type", "application/cloudevents+json"), "{", "end-of-input"),
        Arguments.of(
            with(good, "ce_tenantid", "a"), "x".repeat(EventCodec.MAX_VALUE_LENGTH + 1), "262145"));
  }

  @ParameterizedTest
  @MethodSource("poison")
  void saysWhyARecordIsNoEvent(Map<String, String> headers, String value, String reason) {
    assertThat(EventCodec.decode(record(headers(headers), value.getBytes(UTF_8))))
        .isInstanceOfSatisfying(
            EventCodec.Decoded.Undecodable.class,
            undecodable -> assertThat(undecodable.reason()).contains(reason));
  }

  @Test
  void survivesARecordWithoutAnything() {
    assertThat(EventCodec.decode(record(new RecordHeaders(), null)))
        .isInstanceOf(EventCodec.Decoded.Undecodable.class);
  }

  private static PlatformEvent event(Headers headers, byte[] value) {
    return switch (EventCodec.decode(record(headers, value))) {
      case EventCodec.Decoded.Event(PlatformEvent event) -> event;
      case EventCodec.Decoded.Undecodable(String reason) -> throw new AssertionError(reason);
    };
  }

  private static ConsumerRecord<byte[], byte[]> record(Headers headers, byte[] value) {
    ProducerRecord<byte[], byte[]> written =
        new ProducerRecord<>(
            Topics.EVENTS,
            3,
            TestModel.NOON.toEpochMilli(),
            "acme".getBytes(UTF_8),
            value,
            headers);
    return TestRecords.read(written, 3, 42);
  }

  private static Headers headers(Map<String, String> texts) {
    Headers headers = new RecordHeaders();
    texts.forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
    return headers;
  }

  private static Map<String, String> with(Map<String, String> headers, String name, String text) {
    Map<String, String> more = new java.util.HashMap<>(headers);
    more.put(name, text);
    return more;
  }
}
