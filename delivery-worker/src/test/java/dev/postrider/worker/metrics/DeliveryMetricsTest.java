// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.retry.RetryTiers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void showsEverySeriesFromTheStartAtZero() {
    new DeliveryMetrics(registry, RetryTiers.DEFAULT);

    assertThat(registry.scrape())
        .contains("postrider_events_total{result=\"undecodable\"} 0.0")
        .contains("postrider_deliveries_total{result=\"cancelled\"} 0.0")
        .contains("postrider_attempts_total{outcome=\"unreachable\",reason=\"timeout\"} 0.0")
        .contains("postrider_attempt_duration_seconds_count{outcome=\"accepted\"} 0")
        .contains("postrider_delivery_latency_seconds_count 0")
        .contains("postrider_parked_total{tier=\"6h\",why=\"paced\"} 0.0")
        .contains("postrider_retry_lateness_seconds_count 0")
        .contains("postrider_in_flight 0.0")
        .contains("postrider_egress_refused_total{stage=\"connect\",why=\"reserved\"} 0.0");
  }
}
