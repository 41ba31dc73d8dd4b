// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Zenduty asks of receivers. */
class ThreeSecondsTest {

  private static final Duration THREE_SECONDS = Duration.ofSeconds(3);

  @RegisterExtension private final TestSender sender = new TestSender();

  @Test
  void z2TakesAnAnswerWithinThreeSecondsAndNoneAfterThem() throws Exception {
    try (MockWebServer receiver = new MockWebServer()) {
      receiver.enqueue(after(2500));
      receiver.enqueue(after(3500));
      receiver.start();
      String url = "http://127.0.0.1:" + receiver.getPort() + "/hook";

      assertThat(sender.send(url, THREE_SECONDS).outcome()).isEqualTo(new Outcome.Accepted(200));
      assertThat(sender.send(url, THREE_SECONDS).outcome())
          .isEqualTo(new Outcome.Unreachable(Outcome.Cause.TIMEOUT));
    }
  }

  private static MockResponse after(long delay) {
    return new MockResponse.Builder().headersDelay(delay, TimeUnit.MILLISECONDS).build();
  }
}
