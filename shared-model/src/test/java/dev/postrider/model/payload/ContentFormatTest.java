// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.signature.SignatureScheme.BodyForm;
import dev.postrider.model.template.TemplateFailedException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes into a request; the formats as such are DestinationKindsIT's. */
class ContentFormatTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void b9NamesEventDataAndDelivery() {
    assertThat(
            filled(
                "{{ event }} {{ data.n }} {{ delivery }}",
                event("application/json", "{\"n\": 1.0}")))
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"a.b\",\"zone\":\"eu\","
                + "\"time\":\"2026-11-28T12:00:00Z\"} 1.0 {\"id\":\"%s\"}".formatted(id()));
  }

  @Test
  void b22TakesDataThatIsNoJsonAsText() {
    assertThat(filled("<{{ data }}>", event("text/csv", "a;b\n1;2"))).isEqualTo("<a;b\n1;2>");
    assertThat(filled("<{{ data }}{{ data.x }}>", event(null, ""))).isEqualTo("<>");
    assertThat(filled("{{ data.a }}", event(null, "{\"a\": 1e99999}"))).isEmpty();
  }

  @Test
  void z12WritesWhatZendutysVerifierMakesOfTheBody() {
    ContentFormat format =
        new ContentFormat(settings("POST", "{\"t\":{{ data|tojson }}}"), BodyForm.PYTHON_JSON);
    Content content = format.fill(event("application/json", "\"Zürich\""), id());

    assertThat(new String(content.body(), UTF_8)).isEqualTo("{\"t\": \"Z\\u00fcrich\"}");
  }

  @Test
  void b9IsSlowWithATemplateOnlyAndOnlyWhereItIsRendered() {
    assertThat(new ContentFormat(settings("POST", "x"), BodyForm.AS_IT_IS).slow()).isTrue();
    assertThat(new ContentFormat(settings("GET", "x"), BodyForm.AS_IT_IS).slow()).isFalse();
    assertThat(new ContentFormat(settings("POST", null), BodyForm.AS_IT_IS).slow()).isFalse();
  }

  @Test
  void b9FailsEachTimeThatATemplateOfOldDoesNotCompile() {
    ContentFormat format = new ContentFormat(settings("POST", "{% old %}"), BodyForm.AS_IT_IS);
    PlatformEvent event = event(null, "");

    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> format.fill(event, id()))
          .isInstanceOf(TemplateFailedException.class)
          .hasMessage("line 1: Unknown tag: old");
    }
  }

  private static String filled(String template, PlatformEvent event) {
    ContentFormat format = new ContentFormat(settings("POST", template), BodyForm.AS_IT_IS);
    return new String(format.fill(event, id()).body(), UTF_8);
  }

  private static HttpRequestSettings settings(String method, String template) {
    return new HttpRequestSettings(
        URI.create("https://example.com/"),
        method,
        List.of(),
        template == null ? PayloadFormat.RAW : PayloadFormat.TEMPLATE,
        template,
        Duration.ofSeconds(1));
  }

  private static DeliveryId id() {
    return DeliveryId.of(event(null, ""), new DestinationId(new UUID(0, 1)));
  }

  private static PlatformEvent event(String contentType, String data) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", "1");
    attributes.put("source", "/a");
    attributes.put("type", "a.b");
    attributes.put("tenantid", "acme");
    attributes.put("zone", "eu");
    return new EventDraft(attributes, contentType, Payload.of(data.getBytes(UTF_8)))
        .at(new EventId(NOON, 0, 1));
  }
}
