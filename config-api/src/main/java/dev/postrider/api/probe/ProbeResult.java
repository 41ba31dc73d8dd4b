// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.HttpHeader;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of a probe.
 *
 * @param ok whether the receiver took it: a 2xx status
 * @param httpStatus null when no answer came
 * @param durationMs until the last byte was read
 * @param responseExcerpt at most 4 KiB of the answer's body
 * @param error in words; null when it is ok
 * @param reason in a word, as in attempts
 */
record ProbeResult(
    boolean ok,
    @Nullable Integer httpStatus,
    long durationMs,
    @Nullable String responseExcerpt,
    @Nullable String error,
    String reason,
    List<HttpHeader> requestHeaders,
    List<HttpHeader> responseHeaders) {

  static ProbeResult of(Report report) {
    Attempt attempt = Objects.requireNonNull(report.attempt());
    return new ProbeResult(
        attempt.outcome() instanceof Outcome.Accepted,
        status(attempt.outcome()),
        attempt.duration().toMillis(),
        attempt.responseExcerpt(),
        Explanation.of(attempt),
        attempt.outcome().reason(),
        attempt.requestHeaders().list(),
        attempt.responseHeaders().list());
  }

  private static @Nullable Integer status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(int status) -> status;
      case Outcome.Rejected(int status, _) -> status;
      case Outcome.Unreachable _, Outcome.Refused _ -> null;
    };
  }
}
