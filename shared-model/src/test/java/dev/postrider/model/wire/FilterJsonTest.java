// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class FilterJsonTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final EventFilter.Subject EVENT =
      event(
          "{\"severity\": \"high\", \"count\": 3, \"on\": true, \"none\": null,"
              + " \"city\": {\"name\": \"Zürich\"}, \"list\": [1]}");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {"exact": {"source": "/monitoring"}}                          | true
          {"exact": {"source": "/Monitoring"}}                          | false
          {"exact": {"source": "/monitoring", "subject": "srv-1"}}      | true
          {"exact": {"source": "/monitoring", "subject": "srv-2"}}      | false
          {"prefix": {"source": "/mon"}}                                | true
          {"prefix": {"source": "mon"}}                                 | false
          {"suffix": {"subject": "-1"}}                                 | true
          {"exact": {"region": "eu"}}                                   | false
          {"not": {"exact": {"region": "eu"}}}                          | true
          {"not": {"prefix": {"source": "/mon"}}}                       | false
          {"all": [{"prefix": {"type": "inc"}}, {"exact": {"id": "7"}}]} | true
          {"all": [{"prefix": {"type": "inc"}}, {"exact": {"id": "8"}}]} | false
          {"any": [{"exact": {"id": "8"}}, {"exact": {"id": "7"}}]}     | true
          {"any": [{"exact": {"id": "8"}}, {"exact": {"region": "eu"}}]} | false
          {"exact": {"datacontenttype": "application/json"}}            | true
          {"exact": {"data.severity": "high"}}                          | true
          {"exact": {"data.count": "3", "data.on": "true"}}             | true
          {"exact": {"data.city.name": "Zürich"}}                       | true
          {"exact": {"data.none": "null"}}                              | false
          {"prefix": {"data.city": "{"}}                                | false
          {"prefix": {"data.list": "["}}                                | false
          {"not": {"exact": {"data.absent.below": "x"}}}                | true
          """)
  void b8MatchesByTheDialectsOfCloudEvents(String json, boolean expected) {
    EventFilter filter = FilterJson.read(JSON.readTree(json));

    assertThat(filter.matches(EVENT)).isEqualTo(expected);
    assertThat(filter.objection(EVENT).isEmpty()).isEqualTo(expected);
    assertThat(FilterJson.read(FilterJson.write(filter))).isEqualTo(filter);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          {}                                  | must be an object with one dialect
          {"exact": {"a": "x"}, "not": {}}    | must be an object with one dialect
          {"sql": "type = 'a'"}               | sql: is no dialect
          {"exact": {}}                       | exact: must be an object of attributes
          {"exact": {"source": ""}}           | exact: source must be a string of at least
          {"exact": {"source": 7}}            | exact: source must be a string of at least
          {"exact": {"Source": "x"}}          | an attribute is lower-case letters and digits
          {"exact": {"data": {"a": "x"}}}     | exact: data must be a string
          {"all": []}                         | all: must be a list of 1 to 100 filters
          {"any": [{"not": []}]}              | any: not: must be an object with one dialect
          "exact"                             | must be an object with one dialect
          """)
  void b8SaysWhatIsWrongWithAFilter(String json, String rule) {
    assertThatThrownBy(() -> FilterJson.read(JSON.readTree(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule);
  }

  @Test
  void refusesFiltersThatStandTooDeep() {
    String deep = "{\"not\": ".repeat(8) + "{\"exact\": {\"id\": \"7\"}}" + "}".repeat(8);

    assertThatThrownBy(() -> FilterJson.read(JSON.readTree(deep)))
        .hasMessageEndingWith("must not stand more than 8 deep");
  }

  @Test
  void refusesFiltersThatLookAtTooMuch() {
    String ten = "{\"any\": [" + "{\"exact\": {\"id\": \"7\"}},".repeat(10).replaceAll(",$", "]}");
    String hundred = "{\"all\": [" + (ten + ",").repeat(10).replaceAll(",$", "]}");
    assertThat(FilterJson.read(JSON.readTree(hundred)).size()).isEqualTo(100);

    String more = "{\"any\": [" + hundred + ", {\"exact\": {\"id\": \"7\"}}]}";
    assertThatThrownBy(() -> FilterJson.read(JSON.readTree(more)))
        .hasMessage("must look at no more than 100 texts in all");
  }

  @Test
  void saysWhyAnEventIsNotWanted() {
    assertThat(objection("{\"exact\": {\"subject\": \"srv-2\"}}"))
        .isEqualTo("subject must be 'srv-2' and is 'srv-1'");
    assertThat(objection("{\"prefix\": {\"data.owner\": \"a\"}}"))
        .isEqualTo("data.owner must begin with 'a' and is absent");
  }

  @Test
  void findsNothingInDataThatIsNoJson() {
    EventFilter filter = FilterJson.read(JSON.readTree("{\"exact\": {\"data.a\": \"b\"}}"));

    assertThat(filter.matches(event("no json"))).isFalse();
    assertThat(filter.matches(event(""))).isFalse();
  }

  private static String objection(String json) {
    return FilterJson.read(JSON.readTree(json)).objection(EVENT).orElseThrow();
  }

  private static EventFilter.Subject event(String data) {
    Map<String, String> attributes =
        Map.of(
            "specversion", "1.0",
            "id", "7",
            "source", "/monitoring",
            "type", "incident.triggered",
            "subject", "srv-1",
            "tenantid", "acme");
    return new FilterSubject(
        new EventDraft(attributes, "application/json", Payload.of(data.getBytes(UTF_8)))
            .at(new EventId(TestModel.NOON, 0, 0)));
  }
}
