// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import java.time.Duration;
import org.springframework.dao.ConcurrencyFailureException;
import reactor.util.retry.Retry;

/**
 * Of two transactions that wait for each other PostgreSQL ends one, after a second: it is done
 * again.
 */
final class Deadlocks {

  /** At most twice. */
  static final Retry AGAIN =
      Retry.backoff(2, Duration.ofMillis(20))
          .filter(ConcurrencyFailureException.class::isInstance)
          .onRetryExhaustedThrow((_, last) -> last.failure());

  private Deadlocks() {}
}
