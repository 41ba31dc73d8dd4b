// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import dev.postrider.model.destination.HttpHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a delivery and what came of it.
 *
 * @param duration from the decision to send to the last byte read
 * @param requestHeaders as sent, secrets redacted
 * @param responseHeaders as received, secrets redacted; empty when no answer came
 * @param responseExcerpt at most 4 KiB of the body as text; null when no answer came
 */
public record Attempt(
    Instant startedAt,
    Duration duration,
    Outcome outcome,
    List<HttpHeader> requestHeaders,
    List<HttpHeader> responseHeaders,
    @Nullable String responseExcerpt) {

  /** Copies the lists. */
  public Attempt {
    requestHeaders = List.copyOf(requestHeaders);
    responseHeaders = List.copyOf(responseHeaders);
  }

  /** One that we declined to make. */
  public static Attempt refused(Outcome.Why why, Instant at) {
    return new Attempt(at, Duration.ZERO, new Outcome.Refused(why), List.of(), List.of(), null);
  }
}
