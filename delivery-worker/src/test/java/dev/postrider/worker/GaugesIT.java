// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the gauges of a worker say that serves. */
class GaugesIT {

  /** So that the records wait where no other test has left any. */
  private static final RetryPolicy AFTER_AN_HOUR =
      new RetryPolicy(new Backoff.Fixed(Duration.ofHours(1)), 2);

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void countsWhatIsParkedInATierThatIsPaused() throws Exception {
    try (TestWorker worker = TestWorker.start();
        TestReceiver receiver = TestReceiver.answering(500)) {
      MeterRegistry gauges = worker.bean(MeterRegistry.class);
      worker.subscribe(receiver, AFTER_AN_HOUR);
      worker.publish(TestEvents.of("parked", "{}"));
      await().atMost(LONG).until(() -> parked(gauges) == 1);

      for (int more = 0; more < 9; more++) {
        worker.publish(TestEvents.of("parked", "{}"));
      }

      await().atMost(LONG).until(() -> parked(gauges) == 10);
      assertThat(gauges.get("postrider.directory.lag.seconds").gauge().value()).isLessThan(5);
      await()
          .atMost(LONG)
          .until(() -> gauges.get("postrider.intake.lag.seconds").gauge().value() == 0);
    }
  }

  private static double parked(MeterRegistry gauges) {
    return gauges.get("postrider.parked.records").tag("tier", "1h").gauge().value();
  }
}
