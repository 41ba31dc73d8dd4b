// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.wire.ContentTypes;
import dev.postrider.model.wire.JsonText;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What somebody wants to see: the event, and how it would be sent. */
record PreviewRequest(SampleEvent event, HttpRequestSettings settings, SignatureScheme scheme) {

  private static final String JSON = "application/json";
  private static final URI NOWHERE = URI.create("https://preview.invalid/");

  /** Throws a 400 that names everything wrong with it, but for what only a run of it shows. */
  static PreviewRequest read(byte[] body, TenantId tenant, SignatureSchemes schemes) {
    ObjectNode document = JsonBody.object(body);
    Violations violations = new Violations();
    Fields fields = Fields.of(document, violations);
    PayloadFormat format = SettingsReader.format(fields);
    HttpRequestSettings settings =
        new HttpRequestSettings(
            NOWHERE,
            SettingsReader.method(fields),
            SettingsReader.headers(fields, Set.of()),
            format,
            SettingsReader.template(fields, format),
            Duration.ofSeconds(1));
    SignatureScheme scheme = SigningSettings.read(fields.object("signing"), schemes).scheme();
    fields.take("data");
    SampleEvent event = event(fields, tenant, JsonText.parse(body).members().get("data"));
    event.draft().violations().forEach((name, rule) -> violations.add("event." + name, rule));
    fields.refuseUnknown();
    violations.refuse();
    return new PreviewRequest(event, settings, scheme);
  }

  /** The data byte for byte: a number that is read and written again may have lost a nought. */
  private static SampleEvent event(Fields fields, TenantId tenant, @Nullable JsonText data) {
    Map<String, String> attributes = new LinkedHashMap<>();
    String type = fields.text("event_type", null);
    if (type != null) {
      attributes.put("type", type);
    }
    JsonNode given = fields.take("event");
    if (given instanceof ObjectNode object) {
      object.forEachEntry((name, value) -> attributes.put(name, value.asString("")));
    } else if (given != null) {
      fields.refuse("event", "must be an object");
    }
    String named = attributes.remove("datacontenttype");
    boolean none = data == null || data.isNull();
    String contentType = named == null && !none ? JSON : named;
    return SampleEvent.of(tenant.value(), attributes, contentType, payload(data, contentType));
  }

  private static Payload payload(@Nullable JsonText data, @Nullable String contentType) {
    if (data == null || data.isNull()) {
      return Payload.EMPTY;
    }
    boolean text = data.isString() && contentType != null && !ContentTypes.isJson(contentType);
    return Payload.of(text ? data.text().getBytes(UTF_8) : data.bytes());
  }

  /** The tenant's own goes before ours, as it does when a request is sent. */
  @Nullable String contentType(@Nullable String ours) {
    return settings.headers().stream()
        .filter(header -> header.key().equalsIgnoreCase("Content-Type"))
        .map(HttpHeader::value)
        .findFirst()
        .orElse(ours);
  }
}
