// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import dev.postrider.local.receiver.Inbox.Answer;
import dev.postrider.local.receiver.Received.Header;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Takes any request under {@code /hooks/{name}}, records it and answers as the inbox was told. */
final class Hooks implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {

  static final String PREFIX = "/hooks/";

  private final Inboxes inboxes;
  private final History history;
  private final SignatureCheck signatures;
  private final InstantSource clock;

  Hooks(Inboxes inboxes, History history, SignatureCheck signatures, InstantSource clock) {
    this.inboxes = inboxes;
    this.history = history;
    this.signatures = signatures;
    this.clock = clock;
  }

  @Override
  public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .aggregate()
        .asByteArray()
        .defaultIfEmpty(new byte[0])
        .map(body -> record(request, body))
        .flatMap(answer -> send(answer, response));
  }

  private Answer record(HttpServerRequest request, byte[] body) {
    var line = RequestLine.parse(request.uri());
    var inbox = inboxes.named(line.name());
    var answer = inbox.next();
    var headers = request.requestHeaders().entries().stream().map(Hooks::header).toList();
    history.add(
        new Received(
            clock.instant(),
            line.name(),
            request.method().name(),
            line.path(),
            line.query(),
            headers,
            ByteBuffer.wrap(body).asReadOnlyBuffer(),
            signatures.judge(grouped(headers), body, inbox.key()),
            answer.behaviour().hang() ? null : answer.status()));
    return answer;
  }

  private static Mono<Void> send(Answer answer, HttpServerResponse response) {
    var behaviour = answer.behaviour();
    if (behaviour.hang()) {
      return Mono.never();
    }
    response.status(answer.status());
    behaviour.headers().forEach(response::header);
    var sent = response.sendString(Mono.just(behaviour.body())).then();
    return behaviour.delayMs() == 0
        ? sent
        : Mono.delay(Duration.ofMillis(behaviour.delayMs())).then(sent);
  }

  private static Header header(Map.Entry<String, String> header) {
    return new Header(header.getKey(), header.getValue());
  }

  private static HttpHeaders grouped(List<Header> headers) {
    var values =
        headers.stream()
            .collect(
                Collectors.groupingBy(
                    header -> header.name().toLowerCase(java.util.Locale.ROOT),
                    Collectors.mapping(Header::value, Collectors.toList())));
    return HttpHeaders.of(values, (_, _) -> true);
  }

  /** A request target, taken apart and otherwise as it came. */
  record RequestLine(String name, String path, @Nullable String query) {

    static RequestLine parse(String uri) {
      var mark = uri.indexOf('?');
      var path = mark < 0 ? uri : uri.substring(0, mark);
      var rest = path.substring(PREFIX.length());
      var slash = rest.indexOf('/');
      return new RequestLine(
          slash < 0 ? rest : rest.substring(0, slash),
          path,
          mark < 0 ? null : uri.substring(mark + 1));
    }
  }
}
