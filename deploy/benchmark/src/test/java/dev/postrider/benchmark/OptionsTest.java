// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void leavesEveryNumberToTheScenario() {
    var options = parse("latency");

    assertThat(options.scenario()).isEqualTo("latency");
    assertThat(options.seconds(30)).isEqualTo(30);
    assertThat(options.rate(500)).isEqualTo(500);
    assertThat(options.destinations(100)).isEqualTo(100);
    assertThat(options.runs(3)).isEqualTo(3);
    assertThat(options.payload()).isEqualTo(1024);
    assertThat(options.json()).isEmpty();
    assertThat(options.jfr()).isFalse();
  }

  @Test
  void takesEverythingInAnyOrder() {
    var options =
        parse(
            "--seconds",
            "5",
            "wheel",
            "--rate",
            "7",
            "--payload",
            "9",
            "--destinations",
            "3",
            "--runs",
            "2",
            "--events",
            "4",
            "--jfr",
            "--json",
            "/tmp/wheel.json");

    assertThat(options.scenario()).isEqualTo("wheel");
    assertThat(options.seconds(1)).isEqualTo(5);
    assertThat(options.rate(1)).isEqualTo(7);
    assertThat(options.payload()).isEqualTo(9);
    assertThat(options.destinations(1)).isEqualTo(3);
    assertThat(options.runs(1)).isEqualTo(2);
    assertThat(options.events(1)).isEqualTo(4);
    assertThat(options.jfr()).isTrue();
    assertThat(options.json()).contains(Path.of("/tmp/wheel.json"));
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    assertRefused("'--fast'", "latency", "--fast");
    assertRefused("'wheel'", "latency", "wheel");
    assertRefused("--rate takes a number from 1 to 99999999: was '0'", "latency", "--rate", "0");
    assertRefused("--json needs a value", "latency", "--json");
  }

  private static void assertRefused(String message, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(words))
        .withMessageContaining(message);
  }

  private static Options parse(String... words) {
    return Options.parse(List.of(words));
  }
}
