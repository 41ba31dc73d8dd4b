// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka is and how many parts its topics have; the worker must be told the same.
 *
 * @param kafka bootstrap servers, comma-separated
 * @param kafkaPartitions of every topic; default 12
 * @param kafkaReplicas of every partition; default 1
 */
@Validated
@ConfigurationProperties("postrider")
public record KafkaSettings(
    @NotBlank String kafka, @Min(1) @Max(4096) int kafkaPartitions, @Min(1) int kafkaReplicas) {

  Topics topics() {
    return new Topics(kafkaPartitions, kafkaReplicas, RetryTiers.DEFAULT);
  }
}
