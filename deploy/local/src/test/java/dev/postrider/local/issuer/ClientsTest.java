// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientsTest {

  @Test
  void leadsSwaggerUiBackToWhereSpringdocServesTheRedirect() {
    var properties =
        new IssuerProperties(
            "http://127.0.0.1:9000",
            URI.create("http://127.0.0.1:8080"),
            Path.of("key"),
            Duration.ofHours(1));

    assertThat(new Clients(properties).registered().findByClientId("swagger").getRedirectUris())
        .contains(
            "http://127.0.0.1:8080/api/swagger-ui/oauth2-redirect.html",
            "http://localhost:8080/api/swagger-ui/oauth2-redirect.html");
  }
}
