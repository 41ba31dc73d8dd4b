// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.ApiIT;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

class DestinationsIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";

  @Test
  void answersTheWholeDestinationWithItsDefaults() {
    post(ADMIN, DESTINATIONS, destination("whole"))
        .exchange()
        .expectStatus()
        .isCreated()
        .expectHeader()
        .valueMatches("Location", DESTINATIONS + "/dst_.*")
        .expectHeader()
        .valueEquals("ETag", "\"1\"")
        .expectBody()
        .json(
            """
            {"name": "whole", "endpoint_url": "http://127.0.0.1:8085/hook", "enabled": true,
             "event_types": ["*"], "filters": [], "http_method": "POST", "headers": [],
             "payload_format": "cloudevents_binary", "template": null, "content_sample": null,
             "timeout_seconds": 15, "auth": {"type": "none"},
             "signing": {"scheme": "standard_webhooks", "secret_set": true},
             "retry": {"strategy": "exponential", "interval_seconds": null, "multiplier": null,
               "max_interval_seconds": 86400, "schedule_seconds": null, "max_attempts": 10},
             "limits": {"max_in_flight": 64, "requests_per_second": null},
             "ordering": "none", "status": "active", "status_reason": null}
            """);
  }

  @Test
  void changesWhatAMergePatchNames() {
    Map<String, Object> created = created(ADMIN, destination("before"));
    as(ADMIN, HttpMethod.PATCH, DESTINATIONS + "/" + created.get("id"))
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue("{\"name\": \"after\", \"retry\": {\"max_attempts\": 3}}")
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("ETag", "\"2\"")
        .expectBody()
        .jsonPath("$.name")
        .isEqualTo("after")
        .jsonPath("$.retry.max_attempts")
        .isEqualTo(3)
        .jsonPath("$.retry.strategy")
        .isEqualTo("exponential")
        .jsonPath("$.signing.secret")
        .doesNotExist();
  }
}
