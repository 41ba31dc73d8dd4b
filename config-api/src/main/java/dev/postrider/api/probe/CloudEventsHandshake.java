// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import dev.postrider.api.destination.PermissionRequests;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.settings.DestinationRules;
import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The validation request: {@code OPTIONS} with our origin, answered by the receiver with the origin
 * that it allows and, in requests a minute, how many.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md">CloudEvents
 *     HTTP 1.1 Web Hooks §4</a>
 */
@Component
final class CloudEventsHandshake implements PermissionRequests {

  private static final String ANY = "*";
  private static final double SECONDS = 60;

  private final ProbeCalls calls;
  private final ProbeEvents events;
  private final String origin;

  CloudEventsHandshake(ProbeCalls calls, ProbeEvents events, DestinationRules rules) {
    this.calls = calls;
    this.events = events;
    this.origin = rules.handshakeOrigin();
  }

  @Override
  public Mono<Answer> ask(Destination destination) {
    return calls
        .send(
            destination.with(question(destination.request())),
            events.event(destination.tenant(), "postrider.handshake", "application/json", "{}"))
        .map(this::answer)
        .onErrorResume(Problem.class, e -> Mono.just(new Answer(e.getMessage(), null)));
  }

  private HttpRequestSettings question(HttpRequestSettings usual) {
    List<HttpHeader> headers = new ArrayList<>(usual.headers());
    headers.add(new HttpHeader("WebHook-Request-Origin", origin));
    headers.add(new HttpHeader("WebHook-Request-Rate", ANY));
    return new HttpRequestSettings(
        usual.endpoint(), "OPTIONS", headers, PayloadFormat.RAW, null, usual.timeout());
  }

  private Answer answer(Report report) {
    Attempt attempt = Objects.requireNonNull(report.attempt());
    Optional<String> allowed = header(attempt, "WebHook-Allowed-Origin");
    if (allowed.isEmpty()) {
      String failed = Explanation.of(attempt);
      return new Answer(
          "it names no WebHook-Allowed-Origin" + (failed == null ? "" : "; " + failed), null);
    }
    if (!allowed.get().equals(ANY) && !allowed.get().equalsIgnoreCase(origin)) {
      return new Answer("it allows " + allowed.get() + ", we are " + origin, null);
    }
    return rate(header(attempt, "WebHook-Allowed-Rate").orElse(ANY));
  }

  /** What is no number is no limit that we could keep: then it is no permission either. */
  private static Answer rate(String allowed) {
    if (allowed.equals(ANY)) {
      return new Answer(null, null);
    }
    return allowed.matches("[1-9][0-9]{0,5}")
        ? new Answer(null, Integer.parseInt(allowed) / SECONDS)
        : new Answer("its WebHook-Allowed-Rate is no number of requests a minute", null);
  }

  private static Optional<String> header(Attempt attempt, String name) {
    return attempt.responseHeaders().list().stream()
        .filter(header -> header.key().equalsIgnoreCase(name))
        .map(HttpHeader::value)
        .findFirst();
  }
}
