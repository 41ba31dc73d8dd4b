// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.test.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;

/** An admin who makes destinations and an operator who asks whether they work. */
final class Probing implements AutoCloseable {

  private static final Duration PROMISED = Duration.ofSeconds(15);

  private final Api api;
  private final List<JsonNode> created = new CopyOnWriteArrayList<>();

  private Probing(Api api) {
    this.api = api;
  }

  /**
   * For the constructor of a test: all tests of a class share one, on a fleet of which all runs.
   */
  static final class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == Probing.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      return test.getStore(ExtensionContext.Namespace.create(Probing.class))
          .computeIfAbsent(Probing.class, _ -> on(Fleet.Shared.in(test)), Probing.class);
    }

    private static Probing on(Fleet fleet) {
      try {
        fleet.stack().restore();
        return new Probing(fleet.api());
      } catch (InterruptedException e) {
        throw new AssertionError("the stack does not start", e);
      }
    }
  }

  JsonNode create(String url, String settings) {
    JsonNode destination = api.createDestination(url, settings);
    created.add(destination);
    return destination;
  }

  /** What a new destination of that URL is answered. */
  JsonNode verify(String url) {
    return verify(create(url, ""));
  }

  JsonNode verify(JsonNode destination) {
    return ask(destination, "verify", "");
  }

  JsonNode test(JsonNode destination, String body) {
    return ask(destination, "test", body);
  }

  private JsonNode ask(JsonNode destination, String command, String body) {
    long begun = System.nanoTime();
    Api.Answer answer = api.call("operator", "POST", path(destination) + "/" + command, body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
    return answer.body();
  }

  /** As it is now. */
  JsonNode read(JsonNode destination) {
    return api.get(path(destination));
  }

  /** None is recorded of a probe. */
  JsonNode deliveries(JsonNode destination) {
    String id = destination.get("id").asString();
    return api.get("/integrations/deliveries?destination_id=" + id).get("items");
  }

  /** What a destination is answered that trusts this certificate. */
  JsonNode verifyTrusting(String pem, String url) {
    return verify(trust(create(url, ""), pem));
  }

  JsonNode trust(JsonNode destination, String pem) {
    String path = path(destination) + "/certificate";
    assertThat(api.call("tenant_admin", "PUT", path, pem).status()).isEqualTo(200);
    return destination;
  }

  /**
   * It failed, without a status, for this reason and with these words.
   *
   * @param error null where others look at them
   */
  static void assertFailed(JsonNode answer, String reason, String error) {
    assertAnswered(answer, null, reason, error);
  }

  /** Whoever took it has nothing to explain. */
  static void assertTaken(JsonNode answer) {
    assertAnswered(answer, 200, "http_2xx", null);
  }

  static void assertAnswered(JsonNode answer, Integer status, String reason, String error) {
    assertThat(answer.get("reason").asString()).as(answer.toString()).isEqualTo(reason);
    assertThat(answer.get("error").asString(null)).isEqualTo(error);
    assertThat(answer.get("ok").asBoolean()).isEqualTo(error == null);
    assertThat(answer.get("http_status")).hasToString("" + status);
    assertThat(answer.get("duration_ms").asLong()).isBetween(0L, PROMISED.toMillis());
  }

  static String https(ScriptedServer receiver) {
    return "https://127.0.0.1:" + receiver.port() + "/hook";
  }

  private static String path(JsonNode destination) {
    return "/integrations/destinations/" + destination.get("id").asString();
  }

  /** The destinations end, with the class. */
  @Override
  public void close() {
    created.forEach(api::deleteDestination);
  }
}
