// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.HttpHeader;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HeaderTextTest {

  private final HeaderText text = new HeaderText();

  @Test
  void writesWhatAJsonReaderReadsBack() {
    String everyCharacter =
        IntStream.rangeClosed(1, 0x7ff)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .append("\ud83d\ude80")
            .toString();
    List<HttpHeader> headers =
        List.of(new HttpHeader("content-type", "text/plain"), new HttpHeader("x", everyCharacter));
    String json = text.of(headers).toString();
    assertThat(JsonMapper.shared().readValue(json, HttpHeader[].class))
        .containsExactlyElementsOf(headers);
  }

  @Test
  void looksLikeTheApi() {
    assertThat(text.of(List.of(new HttpHeader("a", "1"), new HttpHeader("b", "\""))))
        .hasToString("[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"\\\"\"}]");
    assertThat(text.of(List.of())).hasToString("[]");
  }

  @Test
  void storesNoNul() {
    assertThat(text.of(List.of(new HttpHeader("a", "\0"))).toString()).contains("\ufffd");
  }
}
