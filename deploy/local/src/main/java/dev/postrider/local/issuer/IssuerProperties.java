// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the demo issuer, from variables named {@code POSTRIDER_…}.
 *
 * @param issuer its own URL, as tokens name it
 * @param publicBaseUrl where browsers reach config-api: where logins return to
 * @param issuerKeyFile the signing key, made when it is not there
 * @param tokenLife how long an access token is good for; one hour unless set
 */
@ConfigurationProperties("postrider")
record IssuerProperties(
    String issuer, URI publicBaseUrl, Path issuerKeyFile, @DefaultValue("1h") Duration tokenLife) {}
