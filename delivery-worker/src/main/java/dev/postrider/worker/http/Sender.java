// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static dev.postrider.model.delivery.Outcome.Why.INTERNAL;
import static dev.postrider.model.delivery.Outcome.Why.KEY_UNAVAILABLE;
import static dev.postrider.model.delivery.Outcome.Why.OVERLOADED;
import static dev.postrider.model.delivery.Outcome.Why.TEMPLATE_FAILED;
import static dev.postrider.model.delivery.Outcome.Why.URL_RULE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Response;
import dev.postrider.model.egress.Target;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.payload.Content;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.template.TemplateFailedException;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.http.Receiver.Proof;
import io.micrometer.tracing.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one signed request and says what came of it. Never fails: a fault is an outcome. */
public final class Sender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private final GuardedHttpClient client;
  private final Receivers receivers;
  private final WebhookRequest requests;
  private final Renderings renderings = new Renderings();
  private final Tracing tracing;
  private final InstantSource clock;

  /**
   * A sender through the guarded client.
   *
   * @param userAgent as sent, such as {@code Postrider/1.0.0}
   */
  public Sender(
      GuardedHttpClient client,
      UrlRules urls,
      SignatureSchemes schemes,
      SecretBox secrets,
      String userAgent,
      Tracing tracing,
      InstantSource clock) {
    this.client = client;
    this.receivers = new Receivers(urls, schemes, secrets);
    this.requests = new WebhookRequest(userAgent);
    this.tracing = tracing;
    this.clock = clock;
  }

  /** The one thread on which attempts end; whoever begins them there as well saves the way. */
  public ScheduledExecutorService thread() {
    return client.thread();
  }

  /** Makes a destination ready to be sent to. */
  public Receiver ready(Destination destination, Instant now) {
    return receivers.ready(destination, now);
  }

  /**
   * One attempt, from signing to the last byte read.
   *
   * @param ended must not fail; is told once, on the thread of this sender, after this has returned
   */
  public void send(Receiver receiver, Delivery delivery, Instant now, Consumer<Attempt> ended) {
    Span span = tracing.begin(Step.ATTEMPT, delivery);
    String trace = tracing.after(span, delivery.event());
    send(
        receiver,
        delivery,
        trace,
        now,
        attempt -> {
          tracing.end(span, attempt.outcome());
          ended.accept(attempt);
        });
  }

  private void send(
      Receiver receiver,
      Delivery delivery,
      @Nullable String trace,
      Instant now,
      Consumer<Attempt> ended) {
    Target target = receiver.target();
    Proof proof = receiver.proof();
    if (proof == null || target == null) {
      later(ended, Attempt.refused(proof == null ? KEY_UNAVAILABLE : URL_RULE, now));
      return;
    }
    Sending sending =
        new Sending(
            delivery,
            receiver.destination().request(),
            new WebhookRequest.Way(target, proof, trace),
            now,
            System.nanoTime(),
            ended);
    if (proof.format().slow()) {
      fillAside(sending);
    } else {
      transmit(sending, () -> proof.format().fill(delivery.event(), delivery.id()), now);
    }
  }

  /** An attempt that is being made. */
  private record Sending(
      Delivery delivery,
      HttpRequestSettings settings,
      WebhookRequest.Way way,
      Instant started,
      long begun,
      Consumer<Attempt> ended) {}

  private void fillAside(Sending sending) {
    try {
      renderings.take(sending.delivery().destination(), () -> fill(sending));
    } catch (RejectedExecutionException _) {
      later(sending.ended(), Attempt.refused(OVERLOADED, sending.started())); // we are closing
    }
  }

  /** Signed when it is filled: it may have waited for its turn. */
  private void fill(Sending sending) {
    Delivery delivery = sending.delivery();
    try {
      Content content = sending.way().proof().format().fill(delivery.event(), delivery.id());
      client.thread().execute(() -> transmit(sending, () -> content, clock.instant()));
    } catch (TemplateFailedException e) {
      later(sending.ended(), Attempt.refused(TEMPLATE_FAILED, sending.started(), e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("{} cannot be filled", delivery.id(), e);
      later(sending.ended(), Attempt.refused(INTERNAL, sending.started()));
    }
  }

  private void transmit(Sending sending, Supplier<Content> content, Instant now) {
    Consumer<Attempt> ended = sending.ended();
    Instant started = sending.started();
    long begun = sending.begun();
    try {
      Request request =
          requests.build(sending.delivery(), content.get(), sending.settings(), sending.way(), now);
      CrashPoint.AFTER_SIGN.reached();
      client
          .send(request)
          .subscribe(
              response -> ended.accept(answered(sending, request, response)),
              fault -> later(ended, failed(request.headers(), fault, started, begun)));
    } catch (RuntimeException fault) {
      later(ended, failed(List.of(), fault, started, begun));
    }
  }

  /** A fault may be known before the request has begun, an answer is not. */
  private void later(Consumer<Attempt> ended, Attempt attempt) {
    client.thread().execute(() -> ended.accept(attempt));
  }

  private Attempt answered(Sending sending, Request request, Response response) {
    Credentials credentials = sending.way().proof().credentials();
    return new Attempt(
        sending.started(),
        since(sending.begun()),
        OutcomeClassifier.of(response, clock.instant()),
        Redaction.of(request.headers()),
        Redaction.of(response.headers()),
        credentials.hideIn(new String(response.excerpt(), UTF_8)));
  }

  private static Attempt failed(
      List<Header> headers, Throwable fault, Instant started, long begun) {
    Outcome outcome = OutcomeClassifier.of(fault);
    return new Attempt(
        started,
        since(begun),
        outcome,
        Redaction.of(headers),
        HeaderLines.NONE,
        OutcomeClassifier.flaw(outcome, fault));
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Closes all connections. */
  @Override
  public void close() {
    renderings.close();
    client.close();
  }
}
