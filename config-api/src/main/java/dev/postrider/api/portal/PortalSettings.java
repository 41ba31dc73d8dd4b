// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How people log in.
 *
 * @param issuer the OIDC issuer whose tokens count, as in the claim {@code iss}
 * @param portalClientSecret of the client {@code portal} at the issuer
 * @param publicBaseUrl under which browsers reach the portal; with {@code https://} its cookie is
 *     {@code __Host-} and {@code Secure}; empty: as the request says
 */
@Validated
@ConfigurationProperties("postrider")
record PortalSettings(
    @NotNull URI issuer, @NotNull String portalClientSecret, @Nullable String publicBaseUrl) {

  boolean behindHttps() {
    return publicBaseUrl != null && publicBaseUrl.startsWith("https://");
  }

  String redirectUri() {
    String base =
        publicBaseUrl == null || publicBaseUrl.isBlank()
            ? "{baseUrl}"
            : publicBaseUrl.replaceAll("/+$", "");
    return base + "/portal/login/oauth2/code/{registrationId}";
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "PortalSettings[" + issuer + "]";
  }
}
