// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestHeadTest {

  private static final String HEAD =
      "POST /fail-first HTTP/1.1\r\nce-id: 4711\r\nContent-Length: 1024\r\n\r\n";

  @Test
  void findsWhatTheSinkMustKnow() {
    assertThat(read("xx" + HEAD + "{}", 2))
        .isEqualTo(new RequestHead(HEAD.length(), 'f', 1024, 4711));
  }

  @Test
  void waitsForTheRestOfAHead() {
    for (int length = 0; length < HEAD.length(); length++) {
      assertThat(read(HEAD.substring(0, length), 0)).isEqualTo(RequestHead.NONE);
    }
  }

  private static RequestHead read(String text, int from) {
    byte[] bytes = text.getBytes(US_ASCII);
    return RequestHead.read(bytes, from, bytes.length);
  }
}
