// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Zenduty asks of receivers. */
class ThreeSecondsTest {

  private static final Duration THREE_SECONDS = Duration.ofSeconds(3);

  private static final Dispatcher AFTER_AS_MANY_MILLISECONDS_AS_THE_PATH_SAYS =
      new Dispatcher() {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
          long delay = Long.parseLong(request.getTarget().substring(1));
          return new MockResponse.Builder().headersDelay(delay, TimeUnit.MILLISECONDS).build();
        }
      };

  @RegisterExtension private final TestSender sender = new TestSender();

  @Test
  void z2TakesAnAnswerWithinThreeSecondsAndNoneAfterThem() throws Exception {
    try (MockWebServer receiver = new MockWebServer()) {
      receiver.setDispatcher(AFTER_AS_MANY_MILLISECONDS_AS_THE_PATH_SAYS);
      receiver.start();
      String url = "http://127.0.0.1:" + receiver.getPort();

      // More than once: a machine that stops for half a second says nothing about the rule.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> sender.send(url + "/2500", THREE_SECONDS).outcome(),
              new Outcome.Accepted(200)::equals);
      assertThat(sender.send(url + "/3500", THREE_SECONDS).outcome())
          .isEqualTo(new Outcome.Unreachable(Outcome.Cause.TIMEOUT));
    }
  }
}
