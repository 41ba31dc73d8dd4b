// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.ApiIT;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of hostile spellings, at the API, for every URL that a tenant can aim. Past the API it
 * is the worker's HostileUrlsTest for endpoints and HostileTokenUrlsIT for token URLs.
 */
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
    ObjectNode destination = JsonNodeFactory.instance.objectNode();
    destination.put("name", "hostile").put("endpoint_url", url);
    refused(destination).jsonPath("$.detail").isEqualTo("endpoint_url " + rule);

    destination.put("endpoint_url", "https://8.8.8.8/hook");
    ObjectNode auth = destination.putObject("auth");
    auth.put("type", "oauth2").put("client_id", "us").put("client_secret", "s3cret");
    auth.put("token_url", url).put("authorize_url", url);
    BodyContentSpec problem = refused(destination);
    for (String field : List.of("auth.token_url", "auth.authorize_url")) {
      problem
          .jsonPath("$.errors[?(@.field == '%s')].message".formatted(field))
          .isEqualTo(field + " " + rule);
    }
  }

  private BodyContentSpec refused(ObjectNode destination) {
    return post("hostile/tenant_admin", DESTINATIONS, destination.toString())
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody();
  }
}
