// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka is and how its topics are; the worker must be told the same.
 *
 * @param kafka bootstrap servers, comma-separated
 * @param partitions of the topics that share a count, 1 to 4096; must be what they have, and is
 *     multiplied by {@code repartition}
 * @param replicas of every topic that this service creates
 * @param retryTiers the delays that have a retry topic, whole seconds
 */
@Validated
@ConfigurationProperties("postrider")
public record KafkaSettings(
    @NotBlank String kafka,
    @Min(1) @Max(4096) int partitions,
    @Min(1) int replicas,
    @NotEmpty List<Duration> retryTiers) {

  Topics topics() {
    return new Topics(partitions, replicas, RetryTiers.of(retryTiers));
  }
}
