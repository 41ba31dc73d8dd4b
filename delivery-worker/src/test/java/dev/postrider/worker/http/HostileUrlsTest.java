// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postrider.model.delivery.Outcome.Refused;
import dev.postrider.model.delivery.Outcome.Why;
import java.net.URI;
import java.net.URISyntaxException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The table of hostile spellings, as if each had come past the API into a snapshot. */
class HostileUrlsTest {

  private static final String TABLES = "/dev/postrider/model/egress/";

  @RegisterExtension private final TestSender sender = TestSender.strict();

  @ParameterizedTest
  @CsvFileSource(
      resources = {TABLES + "private-urls.csv", TABLES + "refused-urls.csv"},
      delimiter = '\t')
  void p8SendsNothingToWhatTheApiWouldRefuse(String url) {
    assumeTrue(canStandInASnapshot(url), "no URI, so no snapshot can hold it");

    assertThat(sender.outcome(url)).isEqualTo(new Refused(Why.URL_RULE));
  }

  private static boolean canStandInASnapshot(String url) {
    try {
      new URI(url);
      return true;
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
