// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a delivery and what came of it.
 *
 * @param duration from the decision to send to the last byte read
 * @param requestHeaders as sent, secrets redacted
 * @param responseHeaders as received, secrets redacted; empty when no answer came
 * @param responseExcerpt at most 4 KiB of the body as text; null when no answer came, but for a
 *     template that failed, an answer that is none and a TLS handshake: then what was wrong
 */
public record Attempt(
    Instant startedAt,
    Duration duration,
    Outcome outcome,
    HeaderLines requestHeaders,
    HeaderLines responseHeaders,
    @Nullable String responseExcerpt) {

  /** One that we declined to make. */
  public static Attempt refused(Outcome.Why why, Instant at) {
    return refused(why, at, null);
  }

  /** The same, with more to say than the reason does; it stands where an answer would. */
  public static Attempt refused(Outcome.Why why, Instant at, @Nullable String explanation) {
    Outcome refused = new Outcome.Refused(why);
    return new Attempt(at, Duration.ZERO, refused, HeaderLines.NONE, HeaderLines.NONE, explanation);
  }
}
