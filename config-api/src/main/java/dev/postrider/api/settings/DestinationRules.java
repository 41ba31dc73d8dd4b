// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What an operator decides about destinations.
 *
 * @param keysetFile the master keyset that signing keys are sealed with, mode 0400; the worker's,
 *     too
 * @param egressAllow private networks that may be reached all the same, there also without https:
 *     {@code CIDR[:port]}, comma-separated
 * @param nameServers who is asked where the names of receivers and issuers lead: {@code
 *     address[:port]}, comma-separated; the machine's own unless set
 * @param brand names the headers of the scheme {@code timestamped_hex}
 * @param handshakeOrigin as whom receivers are asked for their permission (CloudEvents handshake),
 *     and what they are shown afterwards: a DNS name
 * @param allowUnsigned whether a destination may do without signatures
 * @param disableAfter how long a destination may have nothing but failures before it is switched
 *     off as {@code failing}, at least a second; judged at a failure
 */
@Validated
@ConfigurationProperties("postrider")
public record DestinationRules(
    @NotNull String keysetFile,
    @NotNull String egressAllow,
    @NotNull String nameServers,
    @NotNull String brand,
    @NotNull String handshakeOrigin,
    boolean allowUnsigned,
    @NotNull @DurationMin(seconds = 1) Duration disableAfter) {}
