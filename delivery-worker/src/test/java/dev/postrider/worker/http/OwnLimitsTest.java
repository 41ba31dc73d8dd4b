// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Outcome.Accepted;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Refused;
import dev.postrider.model.delivery.Outcome.Unreachable;
import dev.postrider.model.delivery.Outcome.Why;
import dev.postrider.model.egress.TestClients;
import dev.postrider.test.ScriptedServer;
import dev.postrider.worker.ChildJvm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is our fault and not the receiver's, by number: row N21 of docs/receivers.md. */
class OwnLimitsTest {

  private static final String LAST_ANSWER =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  /** Also where the attempt has but a second. */
  @Test
  void n21ChargesNobodyForAPoolThatIsExhausted() throws Exception {
    try (var sender = new TestSender(TestClients.withOneConnection());
        var receiver = ScriptedServer.answering("")) {
      var first = Thread.ofVirtual().start(() -> sender.send(receiver));
      await().until(() -> receiver.exchanges.size() == 1);

      assertThat(sender.send(receiver.url(), Duration.ofSeconds(1)).outcome())
          .isEqualTo(new Refused(Why.OVERLOADED));
      first.join();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void n21ChargesNobodyWhenWeHaveNoFileDescriptorLeft() throws Exception {
    try (var receiver = ScriptedServer.answering(LAST_ANSWER);
        var child =
            new ChildJvm(512, List.of(), OutOfFiles.class, receiver.url(), "http://127.0.0.1:1/")) {
      assertThat(child.finalOutput())
          .endsWith(
              new Accepted(200) + " " + new Unreachable(Cause.CONNECTION_REFUSED),
              new Refused(Why.OVERLOADED).toString(),
              new Accepted(200).toString());
    }
  }
}
