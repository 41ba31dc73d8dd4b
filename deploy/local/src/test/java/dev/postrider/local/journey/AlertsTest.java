// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsTest {

  @Test
  void b15HasARunbookForEachAlert() {
    assertThat(Expressions.alerts())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            alert -> {
              assertThat(Expressions.runbooks()).contains("\n## " + alert + "\n");
              assertThat(Expressions.rules()).contains("docs/runbooks.md#" + lower(alert));
            });
  }

  private static String lower(String alert) {
    return alert.toLowerCase(Locale.ROOT);
  }

  /** Where there is promtool, that is; the gate installs it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check rules rules.yml",
        "check config prometheus.yml",
        "test rules rules-test.yml rules-test-days.yml"
      })
  void b15FiresOnSymptomsAndIsSilentOtherwise(String order) throws Exception {
    assumeTrue(Prometheus.isThere("promtool"), "promtool is not installed");
    Process promtool =
        new ProcessBuilder(("promtool " + order).split(" "))
            .directory(new File("../prometheus"))
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes());

    assertThat(promtool.waitFor()).as(said).isZero();
  }
}
