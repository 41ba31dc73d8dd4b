// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.ApiIT;
import dev.postrider.api.CuttableKafka;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OutboxIT extends ApiIT {

  @Autowired private MeterRegistry meters;

  @Test
  void keepsAChangeWhileKafkaIsAwayAndPublishesItAfterwards() {
    CuttableKafka.cut();
    String id;
    try {
      Map<?, ?> problem =
          post("acme/tenant_admin", DESTINATIONS, destination("patient"))
              .exchange()
              .expectStatus()
              .isEqualTo(503)
              .expectHeader()
              .exists("Retry-After")
              .expectHeader()
              .valueMatches("Location", DESTINATIONS + "/dst_.*")
              .expectBody(Map.class)
              .returnResult()
              .getResponseBody();
      assertThat(problem.get("detail").toString()).contains("is stored and will be published");
      Map<?, ?> resource = (Map<?, ?>) problem.get("resource");
      assertThat(((Map<?, ?>) resource.get("signing")).get("secret").toString())
          .startsWith("whsec_");
      id = resource.get("id").toString();
      await().untilAsserted(() -> assertThat(pending()).isPositive());
      assertThat(published(id)).isFalse();
    } finally {
      CuttableKafka.mend();
    }
    await().atMost(Duration.ofSeconds(15)).until(() -> published(id));
    await().untilAsserted(() -> assertThat(pending()).isZero());
  }

  private double pending() {
    return meters.get("postrider.outbox.pending").gauge().value();
  }

  private static boolean published(String id) {
    return TopicContent.of(Topics.DESTINATIONS).stream()
        .anyMatch(record -> new String(record.key()).equals(id));
  }
}
