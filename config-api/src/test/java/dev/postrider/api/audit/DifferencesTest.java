// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DifferencesTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void namesWhatChangedAndNothingElse() {
    JsonNode before = JSON.readTree("{\"name\": \"a\", \"timeout_seconds\": 15}");
    JsonNode after = JSON.readTree("{\"name\": \"b\", \"timeout_seconds\": 15}");
    assertThat(Differences.between(before, after))
        .isEqualTo(JSON.readTree("[{\"field\":\"name\",\"before\":\"a\",\"after\":\"b\"}]"));
  }

  @Test
  void hidesTheValuesOfHeaders() {
    JsonNode after = JSON.readTree("{\"headers\": [{\"key\": \"X\", \"value\": \"token\"}]}");
    assertThat(Differences.between(null, after).toString()).contains("***").doesNotContain("token");
  }
}
