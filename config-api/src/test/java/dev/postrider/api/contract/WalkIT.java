// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postrider.api.CuttableKafka;
import dev.postrider.api.contract.ApiDocument.Call;
import dev.postrider.model.event.EventId;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestKafka;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client that knows nothing but the OpenAPI document walks all of it, with good requests and with
 * hostile ones: whatever the server answers is in the document, and whatever the document forbids
 * is refused. At the end every answer that the document promises has been seen.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WalkIT extends DescribedApiIT {

  private static final String TENANT = "walker";
  private static final String ADMIN = TENANT + "/tenant_admin";
  private static final int SOME = 40;
  private static final long SEED = 20261128;

  /** Bodies that are none, for whatever content type a call takes. */
  private static final List<byte[]> NO_BODIES =
      Stream.of(
              "",
              "null",
              "[]",
              "\"x\"",
              "{",
              "{}{}",
              "{\"a\":1,\"a\":2}",
              "{\"name\":",
              "{\"a\":\"\ud800\"}",
              "[".repeat(10_000),
              "{\"a\":".repeat(10_000))
          .map(text -> text.getBytes(UTF_8))
          .toList();

  private static final List<String> HOSTILE_TEXTS =
      List.of(
          "0",
          "-1",
          "1",
          "251",
          "99999999999",
          "abc",
          "%00",
          "1%27",
          "%F0%9F%98%80",
          "2026",
          "dst_019aa000-0000-7000-8000-000000000001",
          "2026-11-21T00:00:00Z",
          "x".repeat(2000));

  private static final List<String> HOSTILE_IDS =
      List.of("x", "dst_x", "%2e%2e", "a%2Fb", "a;b=c", "%00", "%E2%98%83", "x".repeat(2000));

  /** What was answered, as {@code getEvent 410}. */
  private static final Set<String> SEEN = new TreeSet<>();

  private final List<String> wrong = new ArrayList<>();

  private Answer tried(Request request) {
    Answer answer = send(request);
    SEEN.add(request.call().id() + " " + answer.status());
    objections(request, answer)
        .forEach(what -> wrong.add(what + ": " + request + " was answered " + answer));
    if (answer.body().contains("Exception") || answer.body().contains("\tat ")) {
      wrong.add("a stack trace: " + request + " was answered " + answer);
    }
    return answer;
  }

  private void expect(int status, Request request) {
    Answer answer = tried(request);
    if (answer.status() != status) {
      wrong.add("not %d: %s was answered %s".formatted(status, request, answer));
    }
  }

  @Test
  @Order(1)
  void answersGoodRequestsAsDocumented() {
    for (Call call : document.calls()) {
      Answer answer = tried(valid(call, TENANT));
      if (answer.status() / 100 != 2 && !call.id().equals("authorizeDestination")) {
        wrong.add(call + " did not succeed: " + answer);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @Order(2)
  void p17RefusesWhatTheDocumentForbids() {
    walkBodies(SOME);
  }

  @Test
  @Tag("soak")
  @Order(3)
  void p17RefusesAllThatTheDocumentForbids() {
    walkBodies(Integer.MAX_VALUE);
  }

  private void walkBodies(int most) {
    for (Call call : document.calls()) {
      if (call.takesBody()) {
        Request good = known(call, TENANT);
        document.bodies(call).forEach(body -> walkBody(good, body, most));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void walkBody(Request good, ApiDocument.Body body, int most) {
    JsonNode example = document.example(body.schema()).map(DescribedApiIT::reachable).orElse(null);
    if (example == null || !body.contentType().endsWith("json")) {
      return;
    }
    List<HostileBodies.Body> hostile = HostileBodies.of(document, body.schema(), example);
    Collections.shuffle(hostile, new Random(SEED));
    Request request = good.sending(body.contentType(), new byte[0]);
    for (HostileBodies.Body one : hostile.subList(0, Math.min(most, hostile.size()))) {
      Answer answer = tried(request.sending(one.json()));
      boolean forbidden = !document.violations(body.schema(), one.json()).isEmpty();
      if (forbidden && !refuses(answer, one.member()) && !isPassedOver(good.call(), one.member())) {
        wrong.add(
            "not a 400 that names %s: %s was answered %s"
                .formatted(one.member(), request.sending(one.json()), answer));
      }
    }
  }

  private static boolean refuses(Answer answer, String member) {
    return answer.status() == 400
        && answer.json().path("errors").values().stream()
            .anyMatch(error -> error.path("field").asString("").startsWith(member));
  }

  /** What only answers have may come back with a PUT: it says nothing. */
  private boolean isPassedOver(Call call, String member) {
    JsonNode taken = document.resolved(document.bodies(call).getFirst().schema());
    JsonNode answered =
        call.operation().at("/responses/200/content").path("application/json").path("schema");
    return call.method().equals("PUT")
        && document.resolved(answered).path("properties").has(member)
        && !taken.path("properties").has(member);
  }

  @Test
  @Order(4)
  void p17LetsNobodySetWhatIsNotTheirs() {
    for (Call call : document.calls()) {
      for (ApiDocument.Body body : document.bodies(call)) {
        JsonNode schema = document.resolved(body.schema());
        JsonNode example =
            document.example(body.schema()).map(DescribedApiIT::reachable).orElse(null);
        if (example instanceof ObjectNode && schema.has("additionalProperties")) {
          Request good = known(call, TENANT).sending(body.contentType(), new byte[0]);
          setAll(good, schema, (ObjectNode) example);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void setAll(Request good, JsonNode schema, ObjectNode example) {
    for (String name : HostileBodies.NOT_TO_BE_SET) {
      if (schema.path("properties").has(name)) {
        continue;
      }
      Answer answer = tried(good.sending(example.deepCopy().put(name, "globex")));
      boolean kept = isPassedOver(good.call(), name) && !answer.body().contains("globex");
      if (!refuses(answer, name) && !kept) {
        wrong.add("%s could be set: %s was answered %s".formatted(name, good, answer));
      }
    }
  }

  @Test
  @Order(5)
  void answersBodiesThatAreNoneAsDocumented() {
    byte[] large = ("{\"name\":\"" + "x".repeat(1_100_000) + "\"}").getBytes(UTF_8);
    for (Call call : document.calls()) {
      Request good = known(call, TENANT);
      for (ApiDocument.Body body : document.bodies(call)) {
        NO_BODIES.forEach(bytes -> tried(good.sending(body.contentType(), bytes)));
        expect(413, good.sending(body.contentType(), large));
      }
      if (call.statuses().contains("415")) {
        expect(415, good.sending("text/html", "<p>".getBytes(UTF_8)));
        tried(good.sending("multipart/form-data; boundary=x", "--x--".getBytes(UTF_8)));
      } else if (call.takesBody()) {
        tried(good.sending("text/html", "<p>".getBytes(UTF_8)));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @Order(6)
  void answersOddParametersAsDocumented() {
    for (Call call : document.calls()) {
      Request good = known(call, TENANT);
      tried(good.to(good.uri() + "?unknown=1&limit&=&%F0%9F%98%80"));
      for (JsonNode parameter : document.parameters(call, "query")) {
        if (!parameter.get("name").stringValue().equals("wait_seconds")) {
          HOSTILE_TEXTS.forEach(text -> walkParameter(good, parameter, text));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void walkParameter(Request good, JsonNode parameter, String text) {
    String name = parameter.get("name").stringValue();
    Answer answer = tried(good.to(good.uri() + "?" + name + "=" + text));
    boolean number =
        document.resolved(parameter.get("schema")).path("type").asString("").equals("integer");
    boolean plain = text.matches("-?\\d{1,18}");
    JsonNode value =
        number && plain
            ? JsonNodeFactory.instance.numberNode(Long.parseLong(text))
            : JsonNodeFactory.instance.stringNode(text);
    boolean forbidden = !document.violations(parameter.get("schema"), value).isEmpty();
    if (forbidden && !refuses(answer, name)) {
      wrong.add(
          "not a 400 that names %s: ?%s=%s of %s was answered %s"
              .formatted(name, name, text, good.call(), answer));
    }
  }

  @Test
  @Order(7)
  void answersOddIdsHeadersAndCallersAsDocumented() {
    for (Call call : document.calls()) {
      Request good = known(call, TENANT);
      if (call.path().contains("{")) {
        HOSTILE_IDS.forEach(id -> tried(good.to(call.path().replaceAll("\\{\\w+}", id))));
        if (!call.roles().contains("platform_admin")) {
          expect(404, good.as("nobody/" + good.user().split("/", 2)[1]));
        }
        tried(good.to(call.path().replaceAll("\\{\\w+}", "unknown")));
      }
      if (call.statuses().contains("406")) {
        expect(406, good.with("Accept", "image/png"));
      }
      expect(401, good.as(null));
      expect(403, good.as(TENANT + "/nothing"));
      tried(good.with("Accept-Language", "x".repeat(4000)).with("X-Forwarded-For", "' or 1=1"));
      expect(400, good.to(good.uri().replaceFirst("/([^/]*)$", "/%2F$1")));
      for (JsonNode header : document.parameters(call, "header")) {
        String name = header.get("name").stringValue();
        Stream.of("*", "x", "W/\"1\"", "\"1\", \"2\"", "x".repeat(300))
            .forEach(value -> tried(good.with(name, value)));
      }
      if (call.statuses().contains("412")) {
        expect(412, valid(call, TENANT).with("If-Match", "\"999\""));
      }
      if (call.statuses().contains("304")) {
        expect(304, good.with("If-None-Match", tried(good).headers().firstValue("ETag").get()));
        expect(200, good.with("If-None-Match", "\"999\""));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @Order(8)
  void answersConflictsAsDocumented() {
    expect(409, valid(document.call("authorizeDestination"), TENANT));
    Request publish = valid(document.call("publishEvents"), TENANT).with("Idempotency-Key", "walk");
    expect(202, publish);
    expect(422, publish.sending("application/json", "{\"type\":\"a.b\"}".getBytes(UTF_8)));
    String disabled = destinationOf(TENANT);
    String waits = deliveryOf(TENANT, disabled, waiting());
    send(of("disableDestination", disabled));
    expect(409, of("replayDestination", disabled));
    expect(409, of("retryDelivery", waits));
    expect(409, of("cancelDelivery", deliveryOf(TENANT, destinationOf(TENANT), failed())));
    Request rotate = valid(document.call("rotateSecret"), TENANT);
    for (int keys = 0; keys < 10; keys++) {
      tried(rotate);
    }
    Request cancel = valid(document.call("cancelReplay"), TENANT);
    tried(cancel);
    expect(409, cancel);
    String unauthorized = created(ADMIN, OAUTH).get("id").toString();
    expect(409, of("verifyDestination", unauthorized));
    expect(409, of("testDestination", unauthorized));
    expect(200, of("authorizeDestination", consenting()));
    answersTakenNamesAndFullTenants();
    assertThat(wrong).isEmpty();
  }

  private void answersTakenNamesAndFullTenants() {
    for (String create : List.of("createTenant", "createEventType")) {
      Request first = valid(document.call(create), TENANT);
      expect(201, first);
      expect(409, first);
    }
    limited("full", "destinations", 0);
    expect(409, valid(document.call("createDestination"), TENANT).as("full/tenant_admin"));
    Request patch = valid(document.call("patchEventType"), TENANT);
    for (int version = 2; version <= 100; version++) {
      tried(patch.sending(schema(version)));
    }
    expect(409, patch.sending(schema(101)));
    Request replace = valid(document.call("replaceEventType"), TENANT).to(patch.uri());
    expect(409, replace.sending(schema(102)));
  }

  private static JsonNode schema(int version) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode().putNull("example");
    settings.putObject("schema").put("title", "version " + version);
    return settings;
  }

  private void limited(String tenant, String limit, int most) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode().put("id", tenant);
    settings.putObject("limits").put(limit, most);
    expect(201, valid(document.call("createTenant"), TENANT).sending(settings));
  }

  @Test
  @Order(9)
  void answersOneWhoAsksTooOftenAsDocumented() {
    limited("hasty", "requests_per_second", 1);
    for (Call call : document.calls()) {
      Request request = known(call, TENANT);
      Request hasty = request.as("hasty/" + request.user().split("/", 2)[1]);
      Answer answer = tried(hasty);
      for (int again = 0; again < 5 && answer.status() != 429; again++) {
        answer = tried(hasty);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static final String OAUTH =
      """
      {"name": "o", "endpoint_url": "http://127.0.0.1:8085/hook",
       "auth": {"type": "oauth2", "grant_type": "%s", "client_id": "c", "client_secret": "s",
                "token_url": "http://127.0.0.1:8085/token"%s}}
      """
          .formatted("client_credentials", "");

  private String consenting() {
    String code =
        OAUTH
            .replace("client_credentials", "authorization_code")
            .replace(
                "/token\"", "/token\", \"authorize_url\": \"http://127.0.0.1:8085/authorize\"");
    return created(ADMIN, code).get("id").toString();
  }

  private Request of(String call, String id) {
    Request request = valid(document.call(call), TENANT);
    return request.to(request.call().path().replace("{id}", id));
  }

  @Test
  @Order(11)
  void answersForPayloadsThatAreNoMoreAsDocumented() {
    String event = eventOf(TENANT);
    String delivery = deliveryOf(TENANT, destinationOf(TENANT), failed());
    Answer answer = send(of("getDelivery", delivery));
    forget(EventId.parse(event));
    forget(EventId.parse(answer.json().get("event_id").stringValue()));

    expect(410, of("getEvent", event));
    expect(410, of("retryDelivery", delivery));
    assertThat(wrong).isEmpty();
  }

  private static void forget(EventId event) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
      TopicPartition partition = new TopicPartition(Topics.EVENTS, event.partition());
      RecordsToDelete upTo = RecordsToDelete.beforeOffset(event.offset() + 1);
      assertThatCode(() -> admin.deleteRecords(Map.of(partition, upTo)).all().get())
          .doesNotThrowAnyException();
    }
  }

  @Test
  @Order(10)
  void answers503WhileKafkaOrPostgresAreAway() {
    List<Request> all = document.calls().stream().map(call -> known(call, TENANT)).toList();
    CuttableKafka.cut();
    try {
      expect(503, valid(document.call("publishEvents"), TENANT));
    } finally {
      CuttableKafka.mend();
    }
    POSTGRES_LINK.cut();
    try {
      all.parallelStream().forEach(this::triedAlone);
    } finally {
      POSTGRES_LINK.mend();
    }
    assertThat(wrong).isEmpty();
  }

  private synchronized void note(Request request, Answer answer) {
    SEEN.add(request.call().id() + " " + answer.status());
    objections(request, answer)
        .forEach(what -> wrong.add(what + ": " + request + " was answered " + answer));
  }

  private void triedAlone(Request request) {
    note(request, send(request));
  }

  /**
   * But for 408, which takes ten seconds each (OperationsIT), and 503 of what asks neither Kafka
   * nor PostgreSQL: there the issuer could be away.
   */
  @Test
  @Order(12)
  void p17HasSeenEveryAnswerThatIsDocumented() {
    Set<String> unseen = new HashSet<>();
    for (Call call : document.calls()) {
      call.statuses().forEach(status -> unseen.add(call.id() + " " + status));
    }
    unseen.removeAll(SEEN);

    assertThat(unseen.stream().filter(one -> !one.endsWith(" 408")).collect(Collectors.toSet()))
        .as("WalkIT must bring these about")
        .containsExactlyInAnyOrder(
            "listDestinationTypes 503", "listSignatureSchemes 503", "previewDestination 503");
  }
}
