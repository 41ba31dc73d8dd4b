// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A name that resolves to a private address is refused at delivery, again and again, at no cost:
 * 5,000 times with {@code -Psoak}, or as often as {@code -Dsoak.refusals} says.
 */
class RefusalSoakIT {

  private static final int MANY = Integer.getInteger("postrider.soak.refusals", 1_500);
  private static final RetryPolicy ONCE =
      new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(1)), 1);

  @Test
  void n22RefusesThousandsOfDeliveriesWithoutAConnectionOrAnOpenFile() throws Exception {
    try (TestWorker worker = TestWorker.allowing("127.0.0.2/32");
        TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe("http://localhost:" + receiver.port() + "/", ONCE);
      refuse(worker, "warm.up", 500);
      long before = openFiles();

      List<Report> reports = refuse(worker, "refused", MANY);

      assertThat(reports)
          .extracting(report -> report.attempt().outcome())
          .containsOnly(new Outcome.Refused(Outcome.Why.PRIVATE_ADDRESS));
      assertThat(receiver.count()).isZero();
      await().until(() -> openFiles() <= before + 5);
    }
  }

  private static List<Report> refuse(TestWorker worker, String type, int count) throws Exception {
    for (int number = 0; number < count; number++) {
      worker.publishSoon(TestEvents.of(type, "{}"));
    }
    return worker.reports(
        report -> report.type().value().equals(type) && report.attempt() != null, count);
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
