// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where issuers send people back to.
 *
 * @param publicBaseUrl under which browsers reach the portal; with {@code https://} its cookie is
 *     {@code __Host-} and {@code Secure}; empty: as the request says
 * @param hostname of this machine, for the callback URL where there is no public base URL; empty:
 *     the machine's own address
 */
@Validated
@ConfigurationProperties("postrider")
record GrantSettings(
    @NotNull @Pattern(regexp = "(https?://[^?#]+)?") String publicBaseUrl,
    @NotNull @Pattern(regexp = "[A-Za-z0-9.:-]*") String hostname) {}
