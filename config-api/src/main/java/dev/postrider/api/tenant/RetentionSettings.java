// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long PostgreSQL keeps what became of deliveries.
 *
 * @param retention how long a delivery and its attempts are kept, by whole days after the day of
 *     its event, at least a day; one that has not ended is kept until it has
 */
@Validated
@ConfigurationProperties("postrider")
record RetentionSettings(@NotNull @DurationMin(days = 1) Duration retention) {}
