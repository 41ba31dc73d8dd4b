// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTiersTest {

  @ParameterizedTest
  @CsvSource({
    "PT0.2S,1s",
    "PT1S,1s",
    "PT4.9S,1s",
    "PT5S,5s",
    "PT29S,5s",
    "PT1M,30s",
    "PT15M,10m",
    "PT59M,10m",
    "PT1H,1h",
    "PT24H,6h",
    "PT-5S,1s"
  })
  void choosesTheLongestTierThatFits(Duration wait, String tier) {
    assertThat(RetryTiers.DEFAULT.fitting(wait).label()).isEqualTo(tier);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT1S",
    "PT1S, PT1S",
    "PT1.5S, PT2S",
    "PT4S, PT5S",
    "PT7S, PT7S",
    "PT8S, PT10S",
    "PT24S, PT30S",
    "PT31S, PT31S",
    "PT100S, PT2M",
    "PT30M, PT30M",
    "PT13H, PT13H"
  })
  void makesAWaitOfThreeTiersAtMost(Duration wait, Duration longer) {
    assertThat(RetryTiers.DEFAULT.within(3, wait)).isEqualTo(longer);
  }

  @Test
  void refusesTiersWithoutAName() {
    assertThatThrownBy(() -> RetryTiers.of(List.of(Duration.ofMillis(1500))))
        .hasMessageContaining("whole seconds");
    assertThatThrownBy(() -> RetryTiers.of(List.of())).hasMessageContaining("one or more");
    assertThatThrownBy(() -> RetryTiers.of(List.of(Duration.ofSeconds(1), Duration.ofSeconds(1))))
        .hasMessageContaining("different");
  }
}
