// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.HttpHeader;
import org.junit.jupiter.api.Test;

class HeaderLinesTest {

  private static final HttpHeader TYPE = new HttpHeader("content-type", "text/plain");

  @Test
  void standAsInAMessage() {
    assertThat(HeaderLines.of(TYPE, new HttpHeader("x", "1: 2")).text())
        .isEqualTo("content-type: text/plain\nx: 1: 2");
    assertThat(HeaderLines.of()).isEqualTo(HeaderLines.NONE);
  }

  @Test
  void comeBackAsTheyWere() {
    HttpHeader[] headers = {TYPE, TYPE, new HttpHeader("x", ""), new HttpHeader("y", "a: \"ü\"")};

    assertThat(HeaderLines.of(headers).list()).containsExactly(headers);
    assertThat(HeaderLines.NONE.list()).isEmpty();
  }

  @Test
  void letNoValueBecomeAnotherHeader() {
    assertThat(HeaderLines.of(new HttpHeader("x", "1\r\ny: 2")).list())
        .containsExactly(new HttpHeader("x", "1  y: 2"));
  }

  @Test
  void passOverWhatIsNoHeader() {
    assertThat(new HeaderLines("\nnothing\ncontent-type: text/plain\n").list())
        .containsExactly(TYPE);
  }
}
