// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.trace;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.PlatformEvent;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where spans begin. An event carries the context from step to step in its attribute {@code
 * traceparent}:
 *
 * <pre>
 *   the publisher's span ─► publish ─► route ─┬─► attempt ─► the receiver's span
 *                        (REST only)          ├─► park        one for each time it is put off
 *                                             ├─► attempt …
 *                                             └─► record      one for each report
 * </pre>
 *
 * An event that comes without a context begins a trace, for as many as are to be sampled; whether
 * one that comes with it is recorded has been decided before. Spans tell ids, never data or
 * secrets. Safe for use by many threads.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class Tracing {

  /** Makes no spans, changes no event and costs nothing. */
  public static final Tracing OFF = new Tracing(Propagator.NOOP, false);

  private static final String PARENT = "traceparent";
  private static final String STATUS = "http.response.status_code";

  private final Propagator propagator;
  private final boolean on;

  private Tracing(Propagator propagator, boolean on) {
    this.propagator = propagator;
    this.on = on;
  }

  /** Spans are made by what that speaks for; it is to speak W3C. */
  public static Tracing by(Propagator propagator) {
    return new Tracing(propagator, true);
  }

  /** The span of a step with an event that is about to be published. */
  public Span begin(Step step, EventDraft event) {
    return on ? begin(step, event.attributes()) : Span.NOOP;
  }

  /** The span of a step with an event. */
  public Span begin(Step step, PlatformEvent event) {
    return on
        ? begin(step, event.attributes()).tag("postrider.event", event.id().toString())
        : Span.NOOP;
  }

  /** The span of a step with a delivery. */
  public Span begin(Step step, Delivery delivery) {
    if (!on) {
      return Span.NOOP;
    }
    Span span =
        begin(step, delivery.event())
            .tag("postrider.delivery", delivery.id().toString())
            .tag("postrider.destination", delivery.destination().toString())
            .tag("postrider.attempt", delivery.attempt());
    if (delivery.due() != null && delivery.waitedFor() != null) {
      span.tag("postrider.due", delivery.due().toString());
      span.tag("postrider.waits_for", delivery.waitedFor().label());
    }
    return span;
  }

  /** The span of a step with a report; none if its event was not sampled. */
  public Span begin(Step step, Report report) {
    String parent = report.trace();
    return on && parent != null
        ? begin(step, Map.of(PARENT, parent))
            .tag("postrider.event", report.event().toString())
            .tag("postrider.delivery", report.delivery().toString())
            .tag("postrider.destination", report.destination().toString())
        : Span.NOOP;
  }

  private Span begin(Step step, Map<String, String> attributes) {
    Span span = step.begin(propagator.extract(attributes, Map::get)).start();
    tag(span, "cloudevents.event_id", attributes.get("id"));
    tag(span, "cloudevents.event_type", attributes.get("type"));
    tag(span, "postrider.tenant", attributes.get("tenantid"));
    return span;
  }

  private static void tag(Span span, String key, @Nullable String value) {
    if (value != null) {
      span.tag(key, value);
    }
  }

  /** Ends the span of an attempt: an outcome that is no success is an error. */
  public void end(Span span, Outcome outcome) {
    if (!on) {
      return;
    }
    switch (outcome) {
      case Outcome.Accepted(int status) -> span.tag(STATUS, status);
      case Outcome.Rejected(int status, _) -> span.tag(STATUS, status).error(failure(outcome));
      case Outcome.Unreachable _, Outcome.Refused _ -> span.error(failure(outcome));
    }
    span.end();
  }

  private static NotAccepted failure(Outcome outcome) {
    return new NotAccepted(outcome.reason());
  }

  /** Tells a span what went wrong; its place in the code is of no interest. */
  private static final class NotAccepted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAccepted(String reason) {
      super(reason, null, false, false);
    }
  }

  /** What whoever comes after that span is told as its parent; if there is none, what was given. */
  public @Nullable String after(Span span, PlatformEvent event) {
    return on ? context(span) : event.attribute(PARENT);
  }

  /** The same event, with that span as the parent of what comes next. */
  public PlatformEvent passedOn(Span span, PlatformEvent event) {
    String parent = on ? context(span) : null;
    return parent == null ? event : event.with(PARENT, parent);
  }

  /** The same event, with that span as the parent of what comes next. */
  public EventDraft passedOn(Span span, EventDraft event) {
    String parent = on ? context(span) : null;
    return parent == null ? event : event.with(PARENT, parent);
  }

  private @Nullable String context(Span span) {
    Map<String, String> context = new HashMap<>();
    propagator.inject(span.context(), context, (_, name, text) -> context.put(name, text));
    return context.get(PARENT);
  }
}
