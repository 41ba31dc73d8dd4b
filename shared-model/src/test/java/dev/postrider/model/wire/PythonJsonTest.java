// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are what Python 3 prints for {@code json.dumps(json.loads(…))}. */
class PythonJsonTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"payload":{"title":"Zürich","merged_with":null}} | {"payload": {"title": "Z\\u00fcrich", "merged_with": null}}
          { "b" : 1 , "a" : [ 1.50 , true ,false ] }        | {"b": 1, "a": [1.50, true, false]}
          []                                                | []
          {}                                                | {}
          [{},[[]]]                                         | [{}, [[]]]
          {"a":{"b":[],"c":{}},"d":[{"e":null},"f"]}        | {"a": {"b": [], "c": {}}, "d": [{"e": null}, "f"]}
          "\\u2028/\\t\\u007f\\"\\\\"                       | "\\u2028/\\t\\u007f\\"\\\\"
          "😀"                                              | "\\ud83d\\ude00"
          12345678901234567890.000                          | 12345678901234567890.000
          """)
  void z14WritesAsPythonDoes(String json, String expected) {
    assertThat(new String(PythonJson.dumps(json.getBytes(UTF_8)), UTF_8)).isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNoJson() {
    assertThatThrownBy(() -> PythonJson.dumps("{'a': 1}".getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class);
  }
}
