// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.ApiIT;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** The table of hostile spellings, at the API; at delivery it is the worker's HostileUrlsTest. */
class HostileUrlsIT extends ApiIT {

  private static final String TABLES = "/dev/postrider/model/egress/";

  @ParameterizedTest
  @CsvFileSource(resources = TABLES + "private-urls.csv", delimiter = '\t')
  void p8RefusesPrivateTargetsInEverySpelling(String url) {
    assertRefused(url, "must not target a private or reserved address");
  }

  @ParameterizedTest
  @CsvFileSource(resources = TABLES + "refused-urls.csv", delimiter = '\t')
  void p8RefusesWhatIsNoPlainUrl(String url, String rule) {
    assertRefused(url, "must " + rule);
  }

  private void assertRefused(String url, String rule) {
    String document =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", "hostile")
            .put("endpoint_url", url)
            .toString();
    post("hostile/tenant_admin", DESTINATIONS, document)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("endpoint_url " + rule);
  }
}
