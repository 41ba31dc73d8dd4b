// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Whose tokens count.
 *
 * @param issuer the OIDC issuer whose tokens count, as in the claim {@code iss}
 */
@Validated
@ConfigurationProperties("postrider")
record AccessSettings(@NotNull URI issuer) {}
