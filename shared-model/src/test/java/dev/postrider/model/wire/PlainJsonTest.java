// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"z\":1,\"a\":[true,false,null,{}],\"m\":{\"\":\"\"}}",
        "[4.50,-0.1,12345678901234567890123,-9223372036854775808,9223372036854775807]",
        "\"Zürich \\\"\\\\ \\u0001 😀\"",
        "null",
        "[]",
      })
  void b9ReadsAndWritesWithoutLoss(String json) {
    assertThat(PlainJson.write(read(json))).isEqualTo(json);
  }

  @Test
  void b9ReadsNumbersAsWhatTheyAre() {
    assertThat(read("[1, 999999999999999999, 1234567890123456789, 99999999999999999999]"))
        .isEqualTo(
            List.of(
                1L,
                999999999999999999L,
                1234567890123456789L,
                new BigInteger("99999999999999999999")));
  }

  @Test
  void b9WritesWhatJsonHasNoNumberForAsNull() {
    assertThat(PlainJson.write(Arrays.asList(Double.NaN, 1.5, Float.POSITIVE_INFINITY, 'c')))
        .isEqualTo("[null,1.5,null,\"c\"]");
    assertThat(PlainJson.write(Map.of(1, 2))).isEqualTo("{\"1\":2}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "", "1e99999", "1e-99999", "[1] 2", "{\"a\":1,\"a\":2}"})
  void b9RefusesWhatIsNoJsonAndNumbersThatWouldFillTheHeap(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedJsonException.class);
  }

  private static Object read(String json) {
    return PlainJson.read(json.getBytes(UTF_8));
  }
}
