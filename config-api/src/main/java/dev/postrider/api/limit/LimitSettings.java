// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.limit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What a tenant may use that has no limits of its own. Rates are counted by each process alone.
 *
 * @param destinations how many it may have, at least 0, default 10000
 * @param eventsPerSecond how many it may publish over REST, at least 1, default 5000
 * @param payloadBytes of one event that is published over REST, 1 to 262144, which is the default
 * @param requestsPerSecond of each of its users and keys, at least 1, default 200
 */
@Validated
@ConfigurationProperties("postrider.tenant-limits")
record LimitSettings(
    @DefaultValue("10000") @Min(0) int destinations,
    @DefaultValue("5000") @Min(1) int eventsPerSecond,
    @DefaultValue("262144") @Min(1) @Max(TenantLimits.MOST_PAYLOAD_BYTES) int payloadBytes,
    @DefaultValue("200") @Min(1) int requestsPerSecond) {}
