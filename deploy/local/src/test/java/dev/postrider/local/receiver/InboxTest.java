// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.local.receiver.Hooks.RequestLine;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InboxTest {

  private final Inbox inbox = new Inbox();

  @Test
  void acceptsUnlessTold() {
    assertThat(inbox.next().status()).isEqualTo(200);
  }

  @Test
  void playsStatusesInTurnAndRepeatsTheLast() {
    inbox.behave(answering(500, 500, 200));
    assertThat(Stream.generate(inbox::next).limit(4).map(Inbox.Answer::status))
        .containsExactly(500, 500, 200, 200);
  }

  @Test
  void countsWhateverItAnswers() {
    inbox.behave(answering(500));
    inbox.next();
    inbox.behave(answering(200));
    inbox.next();
    assertThat(inbox.count()).isEqualTo(2);
  }

  @Test
  void refusesStatusesThatAreNone() {
    assertThatThrownBy(() -> answering(99)).hasMessage("a status is from 200 to 599: was 99");
  }

  @Test
  void keepsTheNewestRequestsThatFit() {
    var history = new History(3 * received("a", "1").weight());
    Stream.of("1", "2", "3", "4").forEach(body -> history.add(received("a", body)));
    assertThat(history.of("a")).extracting(Received::body).containsExactly("2", "3", "4");
    assertThat(history.newest(2)).extracting(Received::body).containsExactly("4", "3");
  }

  @Test
  void clearsOneName() {
    var history = new History(1 << 20);
    history.add(received("a", "1"));
    history.add(received("b", "2"));
    history.clear("a");
    assertThat(history.newest(9)).extracting(Received::name).containsExactly("b");
  }

  @Test
  void takesRequestTargetsApart() {
    assertThat(RequestLine.parse("/hooks/soc/in/1?a=b&c"))
        .isEqualTo(new RequestLine("soc", "/hooks/soc/in/1", "a=b&c"));
    assertThat(RequestLine.parse("/hooks/soc"))
        .isEqualTo(new RequestLine("soc", "/hooks/soc", null));
  }

  private static Behaviour answering(Integer... statuses) {
    return new Behaviour(List.of(statuses), 0, false, Map.of(), "");
  }

  private static Received received(String name, String body) {
    return new Received(
        Instant.EPOCH,
        name,
        "POST",
        "/hooks/" + name,
        null,
        List.of(),
        ByteBuffer.wrap(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        Verdict.MISSING,
        200);
  }
}
