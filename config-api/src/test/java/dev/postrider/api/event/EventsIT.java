// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.api.CuttableKafka;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

class EventsIT extends ApiIT {

  private static final String PUBLISHER = "acme/publisher";
  private static final String ODD_JSON = "{ \"b\" : 1.50,\"a\":[ ],\n \"ü\":\"\\u00fc\" }";

  @Test
  void publishesTheShortFormWithItsDataUntouched() {
    PlatformEvent event =
        published(
            MediaType.APPLICATION_JSON,
            "{\"type\": \"incident.triggered\", \"data\": " + ODD_JSON + ", \"subject\": \"s\"}");
    assertThat(new String(event.payload().bytes(), UTF_8)).isEqualTo(ODD_JSON);
    assertThat(event.contentType()).isEqualTo("application/json");
    assertThat(event.tenant().value()).isEqualTo("acme");
    assertThat(event.source()).isEqualTo("/tenants/acme");
    assertThat(event.attributes()).containsKeys("id", "time").containsEntry("subject", "s");
  }

  @Test
  void publishesAStructuredCloudEventWithItsDataUntouched() {
    PlatformEvent event =
        published(
            MediaType.valueOf("application/cloudevents+json"),
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"a.b\",\"data\":"
                + ODD_JSON
                + ",\"region\":\"eu\"}");
    assertThat(new String(event.payload().bytes(), UTF_8)).isEqualTo(ODD_JSON);
    assertThat(event.attributes()).containsEntry("region", "eu").containsEntry("id", "1");
  }

  @Test
  void publishesABinaryCloudEventWithItsHeadersDecoded() {
    byte[] data = {0, 1, (byte) 0xff};
    Map<?, ?> answer =
        as(PUBLISHER, HttpMethod.POST, EVENTS)
            .header("ce-specversion", "1.0")
            .header("ce-id", "2")
            .header("ce-source", "/s")
            .header("ce-type", "a.b")
            .header("ce-subject", "Z%C3%BCrich%20100%25")
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .bodyValue(data)
            .exchange()
            .expectStatus()
            .isAccepted()
            .expectBody(Map.class)
            .returnResult()
            .getResponseBody();
    PlatformEvent event = stored(items(answer).getFirst());
    assertThat(event.payload().bytes()).isEqualTo(data);
    assertThat(event.attribute("subject")).isEqualTo("Zürich 100%");
  }

  @Test
  void publishesABatchInOrder() {
    String batch =
        """
        [{"specversion":"1.0","id":"x","source":"/s","type":"a.b","data":1},
         {"specversion":"1.0","id":"y","source":"/s","type":"a.b","data":2}]
        """;
    Map<?, ?> answer = answer(MediaType.valueOf("application/cloudevents-batch+json"), batch);
    assertThat(items(answer)).extracting(item -> item.get("ce_id")).containsExactly("x", "y");
  }

  @Test
  void namesTheBadEventsOfABatchAndPublishesNone() {
    int before = TopicContent.of(Topics.EVENTS).size();
    refusedFor(
        as(PUBLISHER, HttpMethod.POST, EVENTS)
            .contentType(MediaType.valueOf("application/cloudevents-batch+json"))
            .bodyValue(
                """
            [{"specversion":"1.0","id":"x","source":"/s","type":"a.b"},
             {"specversion":"0.3","id":"y","source":"/s","type":"a b","tenantid":"globex"}]
            """),
        "[1].specversion",
        "[1].type",
        "[1].tenantid");
    assertThat(TopicContent.of(Topics.EVENTS)).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\": 1}                            | 400 | type",
        "{\"type\": \"a.b\", \"colour\": 1}       | 400 | colour",
        "{\"type\": \"a.b\", \"extensions\": {\"Bad-Name\": 1}} | 400 | Bad-Name",
        "{\"type\": \"a.b\", \"extensions\": {\"tenantid\": \"globex\"}} | 400 | tenantid",
        "{\"type\": \"a.b\", \"time\": \"yesterday\"} | 400 | time",
        "{\"type\": \"a.b\", \"time\": \"+999999999-01-01T00:00:00Z\"} | 400 | time",
        "{\"type\": \"a.b\", \"time\": \"2026-11-22T00:00Z\"} | 400 | time",
        "{\"type\": \"a.b\", \"id\": 1}           | 400 | id",
        "{\"type\": \"a.b\", \"id\": \"\\ud800\"} | 400 | id",
        "{\"type\":                               | 400 | ''"
      })
  void refusesWhatIsNoEvent(String body, int status, String field) {
    post(PUBLISHER, EVENTS, body)
        .exchange()
        .expectStatus()
        .isEqualTo(status)
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @Test
  void namesAllThatIsWrongWithAnEvent() {
    String body =
        """
        {"type": 7, "source": "", "time": "yesterday", "colour": 1, "data": 1,
         "extensions": {"Bad-Name": 1, "nested": {}}}
        """;
    refusedFor(
        post(PUBLISHER, EVENTS, body),
        "type",
        "source",
        "time",
        "colour",
        "Bad-Name",
        "extensions.nested");
  }

  @Test
  void refusesToSpeakForPostrider() {
    post(PUBLISHER, EVENTS, "{\"type\": \"postrider.destination.disabled\", \"data\": {}}")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("type")
        .jsonPath("$.errors[0].message")
        .isEqualTo(
            "type must not begin with 'postrider.', which is for Postrider's own events:"
                + " was 'postrider.destination.disabled'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"source\":\"/s\"                        | id is required",
        "\"id\":\"1\"                             | source is required",
        "\"id\":1,\"source\":\"/s\"               | id must be a string",
        "\"id\":\"1\",\"source\":\"/s\",\"data\":1,\"data_base64\":\"AA==\" | exclude each other",
        "\"id\":\"1\",\"source\":\"/s\",\"datacontenttype\":\"a\\r\\nb\" | datacontenttype must be"
      })
  void refusesCloudEventsThatAreNone(String members, String rule) {
    String event = "{\"specversion\":\"1.0\",\"type\":\"a.b\"," + members + "}";
    for (String body : List.of(event, "[" + event + "]")) {
      String batch = body.startsWith("[") ? "-batch" : "";
      as(PUBLISHER, HttpMethod.POST, EVENTS)
          .contentType(MediaType.valueOf("application/cloudevents" + batch + "+json"))
          .bodyValue(body)
          .exchange()
          .expectStatus()
          .isBadRequest()
          .expectBody()
          .jsonPath("$.errors[0].message")
          .value(String.class, message -> assertThat(message).contains(rule));
    }
  }

  @ParameterizedTest
  @CsvSource({"ce-subject, %E2%82", "ce-subject, %zz", "ce-source, ''", "ce-data, x"})
  void refusesHeadersThatMakeNoCloudEvent(String header, String value) {
    as(PUBLISHER, HttpMethod.POST, EVENTS)
        .header("ce-specversion", "1.0")
        .header("ce-id", "3")
        .header("ce-type", "a.b")
        .header(header, value)
        .bodyValue("x")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class)
        .value(body -> assertThat(body).contains(header.substring("ce-".length())));
  }

  @ParameterizedTest
  @CsvSource({"262144, 202", "262145, 413", "1100000, 413"})
  void k16TakesDataOfUpTo256KiB(int length, int status) {
    String data = "\"" + "x".repeat(length - 2) + "\"";
    post(PUBLISHER, EVENTS, "{\"type\":\"a.b\",\"data\":" + data + "}")
        .exchange()
        .expectStatus()
        .isEqualTo(status);
  }

  @Test
  void refusesContentTypesThatAreNoEvent() {
    as(PUBLISHER, HttpMethod.POST, EVENTS)
        .contentType(MediaType.TEXT_PLAIN)
        .bodyValue("hello")
        .exchange()
        .expectStatus()
        .isEqualTo(415);
  }

  @Test
  void readsAnEventBackAndOnlyToItsTenant() {
    Map<?, ?> answer =
        answer(MediaType.APPLICATION_JSON, "{\"type\":\"a.b\",\"data\":{\"n\":1.50}}");
    String uri = EVENTS + "/" + items(answer).getFirst().get("id");
    as("acme/operator", HttpMethod.GET, uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(String.class)
        .value(body -> assertThat(body).contains("\"data\":{\"n\":1.50}", "\"deliveries\":[]"));
    as("acme/auditor", HttpMethod.GET, uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.data")
        .doesNotExist();
    as("globex/operator", HttpMethod.GET, uri).exchange().expectStatus().isNotFound();
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void b1AndK14Answer503WithinThreeSecondsWhileKafkaIsAwayAndRecover(CapturedOutput log) {
    CuttableKafka.cut();
    try {
      long begin = System.nanoTime();
      post(PUBLISHER, EVENTS, "{\"type\":\"a.b\"}")
          .exchange()
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .exists("Retry-After");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    } finally {
      CuttableKafka.mend();
    }
    answer(MediaType.APPLICATION_JSON, "{\"type\":\"a.b\"}");
    assertThat(log.getOut().lines().filter(line -> line.contains("RecordWriter")))
        .satisfiesExactly(
            away -> assertThat(away).contains("WARN"), back -> assertThat(back).contains("INFO"));
    assertThat(log.getOut()).doesNotContain(" ERROR ", "NetworkClient");
  }

  private PlatformEvent published(MediaType type, String body) {
    return stored(items(answer(type, body)).getFirst());
  }

  private Map<?, ?> answer(MediaType type, String body) {
    return as(PUBLISHER, HttpMethod.POST, EVENTS)
        .contentType(type)
        .bodyValue(body)
        .exchange()
        .expectStatus()
        .isAccepted()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> items(Map<?, ?> answer) {
    return (List<Map<String, String>>) answer.get("items");
  }

  private static PlatformEvent stored(Map<String, String> item) {
    EventId id = EventId.parse(item.get("id"));
    return TopicContent.of(Topics.EVENTS).stream()
        .filter(record -> EventCodec.idOf(record).equals(id))
        .map(EventCodec::decode)
        .map(EventCodec.Decoded.Event.class::cast)
        .findFirst()
        .orElseThrow()
        .event();
  }
}
