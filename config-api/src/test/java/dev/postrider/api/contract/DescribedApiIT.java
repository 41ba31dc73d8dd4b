// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.api.contract.ApiDocument.Call;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.delivery.Run;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests made from what the document says of a call, and answers held against it. */
public abstract class DescribedApiIT extends ApiIT {

  protected static final String SERVED = "/api/openapi.json";

  private static final HttpClient.Builder CLIENTS =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  private static final HttpClient CLIENT = CLIENTS.build();
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();
  private static final String RECEIVER = "http://127.0.0.1:8085/hook";

  private static final Map<String, Request> KNOWN = new ConcurrentHashMap<>();

  private static final AtomicInteger MADE = new AtomicInteger();

  private static TestWorker worker;

  @Autowired protected KafkaTemplate<byte[], byte[]> kafka;

  protected ApiDocument document;

  /** A request, and the call that it is of. */
  protected record Request(
      Call call, String uri, String user, Map<String, String> headers, byte[] body) {

    public Request as(String other) {
      return new Request(call, uri, other, headers, body);
    }

    public Request to(String other) {
      return new Request(call, other, user, headers, body);
    }

    public Request with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Request(call, uri, user, more, body);
    }

    public Request sending(String type, byte[] other) {
      return new Request(call, uri, user, headers, other).with("Content-Type", type);
    }

    public Request sending(JsonNode json) {
      return new Request(call, uri, user, headers, json.toString().getBytes(UTF_8));
    }

    @Override
    public String toString() {
      String text = body == null ? "" : new String(body, UTF_8);
      String shown = text.length() <= 400 ? text : text.substring(0, 400) + "…";
      return "%s %s of %s %s %s".formatted(call.method(), uri, user, headers, shown);
    }
  }

  /** What came. */
  protected record Answer(int status, HttpHeaders headers, String body) {

    public JsonNode json() {
      return ApiDocument.JSON.readTree(body);
    }
  }

  /** Makes one of what an id in a path stands for, in a tenant. */
  private String made(Call call, String id, String tenant) {
    return switch (id) {
      case "DestinationId" -> destinationOf(tenant);
      case "EventId" -> eventOf(tenant);
      case "DeliveryId" -> deliveryOf(tenant, destinationOf(tenant), waiting());
      case "ReplayId" -> replayOf(tenant);
      case "TenantId" -> madeBy("createTenant", tenant, "/id");
      case "ApiKeyId" -> madeBy("createApiKey", tenant, "/id");
      case "EventTypeId" -> madeBy("createEventType", tenant, "/name");
      case "VersionId" -> "1";
      default ->
          throw new AssertionError(
              "%s: DescribedApiIT.made must know how a test comes by a '%s'".formatted(call, id));
    };
  }

  @BeforeEach
  void readTheDocument() {
    document = new ApiDocument(served());
    if (worker == null) {
      worker = new TestWorker();
    }
  }

  @AfterAll
  static void stopTheWorker() {
    worker.close();
    worker = null;
  }

  String served() {
    return send(new Request(null, SERVED, null, Map.of(), null), "GET").body();
  }

  /** One that should succeed, of the tenant's admin, about things of this tenant. */
  protected Request valid(Call call, String tenant) {
    String role = call.roles().contains("tenant_admin") ? "tenant_admin" : first(call);
    Request request = new Request(call, path(call, tenant), tenant + "/" + role, Map.of(), null);
    List<ApiDocument.Body> bodies = document.bodies(call);
    if (bodies.isEmpty()) {
      return request;
    }
    for (ApiDocument.Body body : bodies) {
      JsonNode example = document.example(body.schema()).orElse(null);
      if (example != null) {
        String text = example.isString() ? example.stringValue() : reachable(example).toString();
        return request.sending(body.contentType(), text.getBytes(UTF_8));
      }
    }
    throw new AssertionError(
        "%s takes a body without an example: give its schema under openapi/ one".formatted(call));
  }

  /** The same each time, where nothing comes of it or something may come of it twice. */
  protected Request known(Call call, String tenant) {
    return call.method().equals("DELETE")
        ? valid(call, tenant)
        : KNOWN.computeIfAbsent(tenant + " " + call.id(), _ -> valid(call, tenant));
  }

  private static String first(Call call) {
    assertThat(call.roles()).as("x-roles of %s: its handler needs @Allow", call).isNotEmpty();
    return call.roles().getFirst();
  }

  protected String path(Call call, String tenant) {
    String path = call.path();
    for (JsonNode parameter : document.parameters(call, "path")) {
      String schema = parameter.at("/schema/$ref").asString("").replaceFirst(".*/", "");
      String name = "{" + parameter.get("name").stringValue() + "}";
      path = path.replace(name, made(call, schema, tenant));
    }
    return path;
  }

  /** An example with a URL that may be reached here, and a name that is not taken. */
  static JsonNode reachable(JsonNode example) {
    if (example instanceof ObjectNode object) {
      unlikeOthers(object);
    }
    return example;
  }

  private static void unlikeOthers(ObjectNode example) {
    if (example.has("endpoint_url")) {
      example.put("endpoint_url", RECEIVER);
    } else if (example.has("limits") && example.has("id")) {
      example.put("id", "made-" + MADE.incrementAndGet());
    } else if (example.has("schema") && example.has("name")) {
      example.put("name", "made." + MADE.incrementAndGet());
    }
  }

  protected Answer send(Request request) {
    return send(request, request.call().method());
  }

  private Answer send(Request request, String method) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + request.uri()))
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                request.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    if (request.user() != null) {
      builder.header("Authorization", "Bearer " + tokens.of(request.user()));
    }
    try {
      HttpResponse<String> response = exchanged(builder.build());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(request.call() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JDK's client waits for ever, now and then, behind a path that was refused. */
  private static HttpResponse<String> exchanged(HttpRequest request)
      throws IOException, InterruptedException {
    if (!request.uri().getRawPath().matches(".*[%;].*")) {
      return CLIENT.send(request, BodyHandlers.ofString());
    }
    try (HttpClient alone = CLIENTS.build()) {
      return alone.send(request, BodyHandlers.ofString());
    }
  }

  /** Everything about an answer that the document does not say. */
  protected List<String> objections(Request request, Answer answer) {
    List<String> objections = new ArrayList<>();
    JsonNode described =
        request.call().operation().path("responses").path(Integer.toString(answer.status()));
    if (described.isMissingNode()) {
      objections.add("the status is not documented");
      return objections;
    }
    JsonNode response = document.resolved(described);
    response
        .path("headers")
        .forEachEntry(
            (name, header) -> {
              if (document.resolved(header).path("required").asBoolean(false)
                  && answer.headers().firstValue(name).isEmpty()) {
                objections.add("the header " + name + " is missing");
              }
            });
    objections.addAll(ofContent(response.path("content"), answer));
    return objections;
  }

  private List<String> ofContent(JsonNode content, Answer answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    if (content.isEmpty()) {
      return answer.body().isEmpty() ? List.of() : List.of("a body is not documented");
    }
    if (!content.has(type)) {
      return List.of("the content type '" + type + "' is not documented");
    }
    return type.endsWith("json")
        ? document.strictViolations(content.get(type).path("schema"), answer.json())
        : List.of();
  }

  private String madeBy(String call, String tenant, String name) {
    return send(valid(document.call(call), tenant)).json().at(name).asString();
  }

  protected String destinationOf(String tenant) {
    return created(tenant + "/tenant_admin", destination("of " + tenant)).get("id").toString();
  }

  protected String eventOf(String tenant) {
    return send(valid(document.call("publishEvents"), tenant)).json().at("/items/0/id").asString();
  }

  private String replayOf(String tenant) {
    return send(valid(document.call("replayDestination"), tenant)).json().get("id").asString();
  }

  protected static Decision waiting() {
    return new Decision.Parked(Instant.now().plusSeconds(3600), Decision.Why.RETRY);
  }

  protected static Decision failed() {
    return new Decision.Finished(DeliveryState.FAILED);
  }

  /** One of an event that was published, tried once, in the state that the decision brings. */
  protected String deliveryOf(String tenant, String destination, Decision decision) {
    Instant now = Instant.now();
    Attempt attempt =
        new Attempt(
            now.minusMillis(10),
            Duration.ofMillis(10),
            new Outcome.Rejected(503, null),
            new HeaderLines("content-type: application/json"),
            HeaderLines.NONE,
            "busy");
    Report report =
        new Report(
            new DeliveryId(TimeOrderedUuid.random(now, RANDOM)),
            DestinationId.parse(destination),
            new TenantId(tenant),
            EventId.parse(eventOf(tenant)),
            "ce-1",
            new EventType("incident.triggered"),
            1,
            null,
            attempt,
            decision,
            now,
            null,
            Run.ORIGINAL,
            null);
    byte[] key = destination.getBytes(UTF_8);
    kafka.send(new ProducerRecord<>(Topics.OUTCOMES, key, ModelJson.write(report))).join();
    String uri = DELIVERIES + "/" + report.delivery();
    Request read =
        new Request(document.call("getDelivery"), uri, tenant + "/auditor", Map.of(), null);
    await().atMost(Duration.ofSeconds(20)).until(() -> send(read).status() == 200);
    return report.delivery().toString();
  }
}
