// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What tests and the page use: reads what arrived, and says how to answer. */
final class Control {

  /** Of the page; the list of one inbox is complete. */
  private static final int SHOWN = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final Inboxes inboxes;
  private final History history;

  Control(Inboxes inboxes, History history) {
    this.inboxes = inboxes;
    this.history = history;
  }

  void routes(HttpServerRoutes routes) {
    routes
        .get("/control", (_, response) -> json(response, this::overview))
        .get("/control/{name}/requests", (rq, rs) -> list(rs, history.of(name(rq))))
        .get("/control/{name}/count", (rq, rs) -> json(rs, () -> inbox(rq).count()))
        .delete("/control/{name}/requests", (rq, rs) -> done(rs, () -> clear(rq)))
        .get("/control/{name}/behaviour", (rq, rs) -> json(rs, () -> inbox(rq).behaviour()))
        .put("/control/{name}/behaviour", (rq, rs) -> told(rq, rs, text -> behave(rq, text)))
        .delete("/control/{name}/behaviour", (rq, rs) -> done(rs, () -> reset(rq)))
        .put("/control/{name}/key", (rq, rs) -> told(rq, rs, text -> key(rq, text)))
        .delete("/control/{name}/key", (rq, rs) -> done(rs, () -> inbox(rq).verifyWith(null)));
  }

  private Overview overview() {
    return new Overview(inboxes.summaries(SHOWN), history.newest(SHOWN));
  }

  private void clear(HttpServerRequest request) {
    inbox(request).clear();
    history.clear(name(request));
  }

  private void reset(HttpServerRequest request) {
    inbox(request).behave(Behaviour.ACCEPT);
  }

  private void behave(HttpServerRequest request, String json) {
    inbox(request).behave(JSON.readValue(json, Behaviour.class));
  }

  private void key(HttpServerRequest request, String text) {
    var key = text.strip();
    if (!key.startsWith("whsec_")) {
      throw new IllegalArgumentException("a key starts with whsec_");
    }
    inbox(request).verifyWith(key);
  }

  private Inbox inbox(HttpServerRequest request) {
    return inboxes.named(name(request));
  }

  private static String name(HttpServerRequest request) {
    return String.valueOf(request.param("name"));
  }

  /** Off the event loop: a long list takes its time. */
  private static Publisher<Void> json(HttpServerResponse response, Supplier<Object> value) {
    var text = Mono.fromSupplier(value).map(JSON::writeValueAsString);
    return response
        .header("Content-Type", "application/json")
        .sendString(text.subscribeOn(Schedulers.boundedElastic()));
  }

  /** Piece by piece: tens of thousands of requests do not fit into memory as one text. */
  private static Publisher<Void> list(HttpServerResponse response, List<Received> requests) {
    var items =
        Flux.range(0, requests.size())
            .map(i -> (i == 0 ? "" : ",\n") + JSON.writeValueAsString(requests.get(i)))
            .subscribeOn(Schedulers.boundedElastic());
    return response
        .header("Content-Type", "application/json")
        .sendString(Flux.concat(Mono.just("["), items, Mono.just("]")));
  }

  private static Publisher<Void> done(HttpServerResponse response, Runnable action) {
    action.run();
    return response.status(204).send();
  }

  private static Publisher<Void> told(
      HttpServerRequest request, HttpServerResponse response, Consumer<String> action) {
    return request
        .receive()
        .aggregate()
        .asString(UTF_8)
        .defaultIfEmpty("")
        .flatMap(text -> apply(text, response, action));
  }

  private static Mono<Void> apply(
      String text, HttpServerResponse response, Consumer<String> action) {
    try {
      action.accept(text);
      return response.status(204).send().then();
    } catch (JacksonException e) {
      return refused(response, e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return refused(response, String.valueOf(e.getMessage()));
    }
  }

  private static Mono<Void> refused(HttpServerResponse response, String why) {
    return response.status(400).sendString(Mono.just(why + "\n")).then();
  }

  record Overview(List<Inboxes.Summary> inboxes, List<Received> newest) {}
}
