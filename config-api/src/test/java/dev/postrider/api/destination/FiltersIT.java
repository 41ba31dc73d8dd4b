// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.model.event.EventFilter.Comparison.EXACT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TopicContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters by REST; what they match is FilterJsonTest's. */
class FiltersIT extends ApiIT {

  private static final String ADMIN = "acme/tenant_admin";

  @Test
  void b8TellsTheWorkerWhatToLetThrough() {
    Object id = created(ADMIN, filtered("[{\"exact\": {\"source\": \"/monitoring\"}}]")).get("id");

    List<EventFilter> filters =
        TopicContent.of(Topics.DESTINATIONS).reversed().stream()
            .filter(record -> new String(record.key()).equals(id))
            .findFirst()
            .map(record -> ModelJson.readDestination(record.value()).filters())
            .orElseThrow();
    assertThat(filters)
        .containsExactly(new EventFilter.Texts(EXACT, Map.of("source", "/monitoring")));
  }

  @Test
  void b8NamesTheFilterThatIsWrong() {
    post(ADMIN, DESTINATIONS, filtered("[{\"exact\": {\"id\": \"1\"}}, {\"sql\": \"x\"}]"))
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("filters[1]")
        .jsonPath("$.errors[0].message")
        .isEqualTo(
            "filters[1] is refused: sql: is no dialect; there are exact, prefix, suffix, all, any"
                + " and not");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"type": "incident.raised", "data": {"severity": "high"}} | true  | []
          {"type": "incident.raised", "data": {"severity": "low"}}  | false | ["filters[0]: data.severity must be 'high' and is 'low'"]
          {"type": "alert.raised", "data": {}} | false | ["event_types: none of [incident.*] fits","filters[0]: data.severity must be 'high' and is absent"]
          """)
  void b8SaysWhyAnEventWouldNotMatch(String event, boolean matches, String objections) {
    Object id =
        created(
                ADMIN,
                """
                {"name": "explained", "endpoint_url": "http://127.0.0.1:8085/hook",
                 "event_types": ["incident.*"],
                 "filters": [{"exact": {"data.severity": "high"}}]}
                """)
            .get("id");

    post(ADMIN, DESTINATIONS + "/" + id + "/match", event)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json("{\"matches\": %s, \"objections\": %s}".formatted(matches, objections));
  }

  private static String filtered(String filters) {
    return """
    {"name": "filtered", "endpoint_url": "http://127.0.0.1:8085/hook", "filters": %s}
    """
        .formatted(filters);
  }
}
