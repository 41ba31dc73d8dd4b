// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.egress.UrlVerdict;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.Signer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookRequestTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final URI HOOK = URI.create("https://example.com/hook");

  @Test
  void sendsATenantsHeadersInsteadOfOurs() {
    List<Header> sent =
        headers(
            new HttpHeader("content-type", "text/csv"),
            new HttpHeader("User-Agent", "mine"),
            new HttpHeader("Accept", "a/b"),
            new HttpHeader("Accept", "c/d"));

    assertThat(sent)
        .containsOnlyOnce(new Header("content-type", "text/csv"), new Header("User-Agent", "mine"))
        .contains(new Header("Accept", "a/b"), new Header("Accept", "c/d"))
        .extracting(Header::name)
        .doesNotContain("Content-Type");
  }

  @Test
  void namesItselfAndTheDataOtherwise() {
    assertThat(headers())
        .contains(new Header("User-Agent", "Postrider"), new Header("Content-Type", "a/b"));
  }

  private static List<Header> headers(HttpHeader... own) {
    Map<String, String> attributes =
        Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t", "tenantid", "acme");
    PlatformEvent event =
        new EventDraft(attributes, "a/b", Payload.EMPTY).at(new EventId(NOON, 0, 0));
    Delivery delivery =
        Delivery.first(event, DestinationId.parse("dst_019aa000-0000-7000-8000-000000000001"));
    var settings =
        new HttpRequestSettings(
            HOOK, "POST", List.of(own), PayloadFormat.CLOUDEVENTS_BINARY, Duration.ofSeconds(1));
    var urls = new UrlRules(AddressRules.allowing("127.0.0.1/32"));
    var hook = (UrlVerdict.Allowed) urls.judge("endpoint_url", HOOK.toString());
    var none = SignatureSchemes.branded("Postrider").named("none").orElseThrow();
    return new WebhookRequest("Postrider")
        .build(delivery, settings, hook.target(), new Signer(none, List.of()), NOON)
        .headers();
  }
}
