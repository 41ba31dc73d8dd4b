// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static dev.postrider.worker.TestDeliveries.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Target;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.egress.UrlVerdict;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.payload.ContentFormat;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.Signer;
import dev.postrider.model.signature.SigningSecret;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.http.Receiver.Proof;
import dev.postrider.worker.http.WebhookRequest.Way;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookRequestTest {

  private static final byte[] BODY = "{ \"city\": \"Zürich\" }".getBytes(UTF_8);
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final WebhookRequest REQUESTS = new WebhookRequest("Postrider/1");

  @Test
  void sendsTheDataAsPublishedAndTheAttributesAsHeaders() {
    Request request = build("POST", "standard_webhooks", "Zürich 100%\r\nX-Evil: 1");

    assertThat(request.body()).isSameAs(BODY);
    assertThat(values(request))
        .containsEntry("user-agent", "Postrider/1")
        .containsEntry("content-type", "application/json")
        .containsEntry("ce-type", "a.b")
        .containsEntry("ce-subject", "Z%C3%BCrich%20100%25%0D%0AX-Evil:%201")
        .containsEntry("traceparent", TRACE)
        .containsEntry("x-env", "prod")
        .containsKeys("webhook-id", "webhook-timestamp", "webhook-signature")
        .doesNotContainKeys("ce-tenantid", "ce-traceparent");
  }

  @Test
  void sendsNoBodyWithGet() {
    Request request = build("GET", "timestamped_hex", "x");

    assertThat(request.body()).isEmpty();
    assertThat(values(request)).doesNotContainKey("content-type");
  }

  @Test
  void sendsATenantsHeadersInsteadOfOurs() {
    Request request =
        build(
            "POST",
            "timestamped_hex",
            delivery("x", TRACE),
            new HttpHeader("content-type", "text/csv"),
            new HttpHeader("User-Agent", "mine"));

    assertThat(request.headers())
        .contains(new Header("content-type", "text/csv"), new Header("User-Agent", "mine"))
        .doesNotContain(new Header("Content-Type", "application/json"))
        .doesNotContain(new Header("User-Agent", "Postrider/1"));
  }

  @Test
  void dropsATraceThatIsNone() {
    Delivery delivery = delivery("x", "00-1-2-01\r\nX-Evil: 1");

    assertThat(values(build("POST", "timestamped_hex", delivery))).doesNotContainKey("traceparent");
  }

  @Test
  void sendsTheDeliveryIdUnderEveryScheme() {
    Request request = build("POST", "timestamped_hex", "x");

    assertThat(values(request))
        .containsKeys("webhook-id", "x-postrider-timestamp", "x-postrider-signature");
  }

  private static Request build(String method, String scheme, String subject) {
    return build(method, scheme, delivery(subject, TRACE), new HttpHeader("X-Env", "prod"));
  }

  private static Delivery delivery(String subject, String trace) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", "1");
    attributes.put("source", "/a");
    attributes.put("type", "a.b");
    attributes.put("tenantid", "acme");
    attributes.put("subject", subject);
    attributes.put("traceparent", trace);
    EventDraft draft = new EventDraft(attributes, "application/json", Payload.of(BODY));
    return Delivery.first(draft.at(new EventId(NOON, 0, 1)), TestDeliveries.DESTINATION);
  }

  private static Request build(String method, String scheme, Delivery delivery, HttpHeader... own) {
    HttpRequestSettings settings =
        new HttpRequestSettings(
            URI.create("https://example.com/hook"),
            method,
            List.of(own),
            PayloadFormat.CLOUDEVENTS_BINARY,
            null,
            Duration.ofSeconds(15));
    String trace = delivery.event().attribute("traceparent");
    Signer signer = signer(scheme);
    ContentFormat format = new ContentFormat(settings, signer.scheme().bodyForm());
    return REQUESTS.build(
        delivery,
        format.fill(delivery.event(), delivery.id()),
        settings,
        new Way(target(), new Proof(signer, Credentials.NONE, format), trace),
        NOON);
  }

  private static Target target() {
    UrlRules rules = new UrlRules(AddressRules.allowing(""));
    return ((UrlVerdict.Allowed) rules.judge("endpoint_url", "https://example.com/hook")).target();
  }

  private static Signer signer(String name) {
    SignatureScheme scheme = SignatureSchemes.branded("Postrider").named(name).orElseThrow();
    Secret key = Secret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    return new Signer(scheme, List.of(SigningSecret.existing(scheme, key)));
  }

  private static Map<String, String> values(Request request) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Header header : request.headers()) {
      values.put(header.name().toLowerCase(), header.value());
    }
    return values;
  }
}
