// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

class DestinationsIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";

  @Test
  void o18AndP5AnswerTheWholeDestinationWithItsDefaults() {
    post(ADMIN, DESTINATIONS, destination("whole"))
        .exchange()
        .expectStatus()
        .isCreated()
        .expectHeader()
        .valueMatches("Location", DESTINATIONS + "/dst_.*")
        .expectHeader()
        .valueEquals("ETag", "\"1\"")
        .expectBody()
        .json(
            """
            {"name": "whole", "endpoint_url": "http://127.0.0.1:8085/hook", "enabled": true,
             "event_types": ["*"], "filters": [], "http_method": "POST", "headers": [],
             "payload_format": "cloudevents_binary", "template": null, "content_sample": null,
             "timeout_seconds": 15, "auth": {"type": "none"},
             "signing": {"scheme": "standard_webhooks", "secret_set": true},
             "retry": {"strategy": "exponential", "interval_seconds": null, "multiplier": null,
               "max_interval_seconds": 86400, "schedule_seconds": null, "max_attempts": 10},
             "limits": {"max_in_flight": 64, "requests_per_second": null},
             "ordering": "none", "status": "active", "status_reason": null}
            """)
        .jsonPath("$.id")
        .value(String.class, id -> assertThat(id).matches("dst_[0-9a-f-]{36}"));
  }

  @Test
  void z5TellsTheWorkerTheUrlToPostTo() {
    Map<String, Object> created =
        created(
            ADMIN,
            """
            {"name": "posted", "endpoint_url": "HTTPS://hooks.Example.com:443/in?team=a%20b"}
            """);

    assertThat(created)
        .containsEntry("endpoint_url", "https://hooks.example.com/in?team=a%20b")
        .containsEntry("http_method", "POST");
    HttpRequestSettings request = snapshot(created.get("id").toString()).orElseThrow().request();
    assertThat(request.endpoint()).isEqualTo(URI.create("https://hooks.example.com/in?team=a%20b"));
    assertThat(request.method()).isEqualTo("POST");
  }

  @Test
  void p11ListsADestinationAsSoonAsItIsCreated() {
    for (String name : List.of("first", "second", "third")) {
      created("cards/tenant_admin", destination(name));
      assertThat(names(list("cards/tenant_admin", ""))).first().isEqualTo(name);
    }
    assertThat(names(list("cards/tenant_admin", ""))).containsExactly("third", "second", "first");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tenant_admin | 201, 200, 200, 200, 200, 204
          operator     | 403, 403, 403, 200, 200, 403
          auditor      | 403, 403, 403, 200, 200, 403
          """)
  void p1LetsAdminsConfigureAndP13LetsOthersLookOn(String role, String statuses) {
    String id = created(ADMIN, destination("of roles")).get("id").toString();
    String one = DESTINATIONS + "/" + id;
    String user = "acme/" + role;

    assertThat(
            Stream.of(
                    post(user, DESTINATIONS, destination("by " + role)),
                    as(user, HttpMethod.PUT, one)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(destination("put")),
                    as(user, HttpMethod.PATCH, one)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("{}"),
                    as(user, HttpMethod.GET, DESTINATIONS),
                    as(user, HttpMethod.GET, one),
                    as(user, HttpMethod.DELETE, one))
                .map(request -> request.exchange().returnResult(Void.class).getStatus().value())
                .map(String::valueOf)
                .collect(joining(", ")))
        .isEqualTo(statuses);
  }

  /** A draft is a destination that is not enabled: kept as it is, sent nothing, completed later. */
  @Test
  void z4KeepsADraftUntilItIsConfigured() {
    Map<String, Object> draft =
        created(
            ADMIN,
            """
            {"name": "Outgoing Webhooks", "endpoint_url": "http://127.0.0.1:8085/draft",
             "enabled": false, "signing": {"scheme": "zenduty"}}
            """);
    String id = draft.get("id").toString();
    assertThat(draft).containsEntry("status", "disabled").containsEntry("status_reason", null);
    assertThat(snapshot(id)).map(Destination::status).contains(DestinationStatus.DISABLED);

    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + id)
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue(
            """
            {"enabled": true, "endpoint_url": "http://127.0.0.1:8085/hook",
             "auth": {"type": "basic", "username": "u", "password": "geheim"}}
            """)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.status")
        .isEqualTo("active");
    assertThat(snapshot(id)).map(Destination::status).contains(DestinationStatus.ACTIVE);
  }

  @Test
  void hasItsSnapshotOnTheTopicByTheTimeOfTheAnswer() {
    for (int round = 0; round < 20; round++) {
      String id = created(ADMIN, destination("round " + round)).get("id").toString();
      assertThat(snapshot(id)).map(Destination::status).contains(DestinationStatus.ACTIVE);
    }
  }

  @Test
  void publishesEveryChangeAndATombstone() {
    String id = created(ADMIN, destination("life")).get("id").toString();
    as(ADMIN, HttpMethod.POST, DESTINATIONS + "/" + id + "/disable")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.status")
        .isEqualTo("disabled")
        .jsonPath("$.enabled")
        .isEqualTo(false);
    assertThat(snapshot(id)).map(Destination::status).contains(DestinationStatus.DISABLED);
    as(ADMIN, HttpMethod.DELETE, DESTINATIONS + "/" + id).exchange().expectStatus().isNoContent();
    assertThat(records(id).getLast().value()).isNull();
    as(ADMIN, HttpMethod.GET, DESTINATIONS + "/" + id).exchange().expectStatus().isNotFound();
  }

  @Test
  void changesWhatAMergePatchNames() {
    Map<String, Object> created = created(ADMIN, destination("before"));
    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + created.get("id"))
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue("{\"name\": \"after\", \"retry\": {\"max_attempts\": 3}}")
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("ETag", "\"2\"")
        .expectBody()
        .jsonPath("$.name")
        .isEqualTo("after")
        .jsonPath("$.retry.max_attempts")
        .isEqualTo(3)
        .jsonPath("$.retry.strategy")
        .isEqualTo("exponential")
        .jsonPath("$.signing.secret")
        .doesNotExist();
  }

  @Test
  void tellsTheWorkerInWhichOrder() {
    String id =
        created(
                ADMIN,
                """
                {"name": "ordered", "endpoint_url": "http://127.0.0.1:8085/hook",
                 "ordering": "fifo"}
                """)
            .get("id")
            .toString();
    assertThat(snapshot(id)).map(Destination::ordering).contains(Ordering.FIFO);

    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + id)
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue("{\"ordering\": \"none\"}")
        .exchange()
        .expectBody()
        .jsonPath("$.ordering")
        .isEqualTo("none");
    assertThat(snapshot(id)).map(Destination::ordering).contains(Ordering.NONE);
  }

  @Test
  void putsBackWhatWasRead() {
    String uri = DESTINATIONS + "/" + created(ADMIN, destination("round trip")).get("id");
    String read =
        as(ADMIN, HttpMethod.GET, uri)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    as(ADMIN, HttpMethod.PUT, uri)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(read)
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void refusesAChangeOfWhatHasChangedSince() {
    String uri = DESTINATIONS + "/" + created(ADMIN, destination("etag")).get("id");
    as(ADMIN, HttpMethod.DELETE, uri)
        .header("If-Match", "\"7\"")
        .exchange()
        .expectStatus()
        .isEqualTo(412);
    as(ADMIN, HttpMethod.DELETE, uri)
        .header("If-Match", "\"7\", \"1\"")
        .exchange()
        .expectStatus()
        .isNoContent();
  }

  @Test
  void keepsTheKeyUntilAnotherIsGiven() {
    Map<String, Object> created = created(ADMIN, destination("key"));
    String uri = DESTINATIONS + "/" + created.get("id");
    String sealed = sealedKey(created.get("id"));
    as(ADMIN, HttpMethod.PATCH, uri)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"signing\": {\"scheme\": \"timestamped_hex\"}}")
        .exchange()
        .expectBody()
        .jsonPath("$.signing.secret")
        .doesNotExist();
    assertThat(sealedKey(created.get("id"))).isEqualTo(sealed);
    as(ADMIN, HttpMethod.PATCH, uri)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"signing\": {\"secret\": \"a secret of our own choosing\"}}")
        .exchange()
        .expectBody()
        .jsonPath("$.signing.secret_last4")
        .isEqualTo("sing");
    assertThat(sealedKey(created.get("id"))).isNotEqualTo(sealed);
  }

  @Test
  void p6ListsTheTenantsOwnDestinationsOnly() {
    Map<String, Object> created = created("one/tenant_admin", destination("of one"));

    assertThat(names(list("one/auditor", ""))).containsExactly("of one");
    assertThat(names(list("other/tenant_admin", ""))).isEmpty();
    as("other/tenant_admin", HttpMethod.GET, DESTINATIONS + "/" + created.get("id"))
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  @Test
  void listsPageByPageNewestFirst() {
    String paged = "paged/tenant_admin";
    List.of("one", "two", "three").forEach(name -> created(paged, destination(name)));
    Map<?, ?> first = list(paged, "?limit=2");
    assertThat(names(first)).containsExactly("three", "two");
    Map<?, ?> second = list(paged, "?limit=2&cursor=" + first.get("next_cursor"));
    assertThat(names(second)).containsExactly("one");
    assertThat(second.get("next_cursor")).isNull();
  }

  private Map<?, ?> list(String user, String query) {
    return as(user, HttpMethod.GET, DESTINATIONS + query)
        .exchange()
        .expectBody(Map.class)
        .returnResult()
        .getResponseBody();
  }

  private static List<Object> names(Map<?, ?> page) {
    return ((List<?>) page.get("items"))
        .stream().<Object>map(item -> ((Map<?, ?>) item).get("name")).toList();
  }

  private static String sealedKey(Object id) {
    return snapshot(id.toString()).orElseThrow().signing().keys().getFirst().sealed().base64();
  }

  private static Optional<Destination> snapshot(String id) {
    return records(id).reversed().stream()
        .findFirst()
        .map(record -> ModelJson.readDestination(record.value()));
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String id) {
    return TopicContent.of(Topics.DESTINATIONS).stream()
        .filter(record -> new String(record.key()).equals(id))
        .toList();
  }
}
