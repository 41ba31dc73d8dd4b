// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.trace;

import io.micrometer.tracing.Span;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The steps on an event's way that are a span each. */
public enum Step {
  /** The API writes the event to Kafka. */
  PUBLISH(Span.Kind.PRODUCER),
  /** The worker finds out who wants the event. */
  ROUTE(Span.Kind.CONSUMER),
  /** A delivery is put off. */
  PARK(Span.Kind.PRODUCER),
  /** A request, from signing to the last byte of the answer. */
  ATTEMPT(Span.Kind.CLIENT),
  /** What became of a delivery is written to PostgreSQL. */
  RECORD(null);

  private final Span.@Nullable Kind kind;

  Step(Span.@Nullable Kind kind) {
    this.kind = kind;
  }

  Span.Builder begin(Span.Builder builder) {
    Span.Builder named = builder.name(name().toLowerCase(Locale.ROOT));
    return kind == null ? named : named.kind(kind);
  }
}
