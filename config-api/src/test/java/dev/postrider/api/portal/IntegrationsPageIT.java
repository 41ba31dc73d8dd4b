// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.mockOidcLogin;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.springSecurity;

import dev.postrider.api.ApiIT;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class IntegrationsPageIT extends ApiIT {

  @Autowired private ApplicationContext context;

  @Test
  void showsAPersonItsTenantsDestinations() {
    created("pages/tenant_admin", destination("<b>bold</b>"));
    created("others/tenant_admin", destination("not theirs"));
    page("pages", "operator")
        .expectStatus()
        .isOk()
        .expectBody(String.class)
        .value(
            html ->
                assertThat(html)
                    .contains("&lt;b&gt;bold&lt;/b&gt;", "http://127.0.0.1:8085/hook", "operator")
                    .doesNotContain("<b>bold", "not theirs"));
  }

  @Test
  void isNotForPublishers() {
    page("pages", "publisher").expectStatus().isForbidden();
  }

  private ResponseSpec page(String tenant, String role) {
    return WebTestClient.bindToApplicationContext(context)
        .apply(springSecurity())
        .build()
        .mutateWith(
            mockOidcLogin()
                .idToken(
                    token ->
                        token
                            .subject(role + "@" + tenant)
                            .claim("tenant", tenant)
                            .claim("roles", List.of(role))))
        .get()
        .uri("/portal/configuration/integrations")
        .exchange();
  }
}
