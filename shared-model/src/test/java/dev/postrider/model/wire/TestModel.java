// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static dev.postrider.model.event.EventFilter.Comparison.EXACT;
import static dev.postrider.model.event.EventFilter.Comparison.PREFIX;
import static dev.postrider.model.event.EventFilter.Comparison.SUFFIX;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.Sealed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One destination and one event that the tests of the model speak about. */
final class TestModel {

  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final DestinationId DESTINATION_ID =
      DestinationId.parse("dst_019aa000-0000-7000-8000-000000000001");

  private TestModel() {}

  static Destination destination() {
    return new Destination(
        DESTINATION_ID,
        new TenantId("acme"),
        7,
        DestinationStatus.ACTIVE,
        List.of(new EventTypePattern("incident.*")),
        List.of(
            new EventFilter.Not(new EventFilter.Texts(EXACT, Map.of("source", "/a"))),
            new EventFilter.Any(
                List.of(
                    new EventFilter.Texts(PREFIX, Map.of("data.city", "Z")),
                    new EventFilter.Texts(SUFFIX, Map.of("subject", "x"))))),
        new HttpRequestSettings(
            URI.create("https://example.com/hook"),
            "POST",
            List.of(new HttpHeader("X-Env", "prod")),
            PayloadFormat.TEMPLATE,
            "{{ data.city }}",
            Duration.ofSeconds(15)),
        new TlsSettings("-----BEGIN CERTIFICATE-----", null, null),
        new Authentication.Basic("u", new Sealed("cA==")),
        new Signing(
            "standard_webhooks",
            null,
            List.of(
                new Signing.Key(new Sealed("c2VhbGVk"), null),
                new Signing.Key(new Sealed("b2xk"), NOON))),
        new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(1)), 3),
        new Limits(64, 2.5),
        Ordering.FIFO);
  }

  static PlatformEvent event() {
    return draft().at(new EventId(NOON, 3, 42));
  }

  static EventDraft draft() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", "A-1");
    attributes.put("source", "/monitoring");
    attributes.put("type", "incident.triggered");
    attributes.put("tenantid", "acme");
    attributes.put("time", "2026-11-21T11:59:58.5+00:00");
    byte[] data = "{ \"title\": \"Zürich\" }".getBytes(UTF_8);
    return new EventDraft(attributes, "application/json", Payload.of(data));
  }
}
