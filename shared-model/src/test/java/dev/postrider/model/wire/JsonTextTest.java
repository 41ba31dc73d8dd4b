// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"a\" : 1.50, \"ü\":[ 1,2 ,{}] }",
        "[]",
        "\"Z\\u00fcrich \\\"\"",
        "1.0e+5",
        "-0",
        "true",
        "null",
        "\"Zürich\""
      })
  void takesAMemberOutByteForByte(String data) {
    String envelope = " {\"before\": [1], \"data\" :\t" + data + "\n, \"after\": \"x\" } ";

    JsonText found = parse(envelope).members().get("data");

    assertThat(new String(found.bytes(), UTF_8)).isEqualTo(data);
  }

  @Test
  void takesElementsOutByteForByte() {
    assertThat(parse("[ {\"a\": 1 } ,2 , \"x\"]").elements())
        .extracting(element -> new String(element.bytes(), UTF_8))
        .containsExactly("{\"a\": 1 }", "2", "\"x\"");
  }

  @Test
  void readsTextOfScalars() {
    assertThat(parse("\"Z\\u00fcrich\"").text()).isEqualTo("Zürich");
    assertThat(parse("12.50").text()).isEqualTo("12.50");
    assertThat(parse("true").text()).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\":1,\"a\":2}", "{} {}", "{'a':1}", "[1,]", "nul"})
  void refusesWhatIsNoJson(String text) {
    assertThatThrownBy(() -> parse(text).members()).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void refusesTenThousandLevels() {
    assertThatThrownBy(() -> parse("[".repeat(10_000))).isInstanceOf(MalformedJsonException.class);
  }

  private static JsonText parse(String text) {
    return JsonText.parse(text.getBytes(UTF_8));
  }
}
