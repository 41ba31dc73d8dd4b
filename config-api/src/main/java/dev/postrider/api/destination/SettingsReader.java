// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.egress.Admission;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.HeaderRules;
import dev.postrider.model.egress.Registration;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Judges the settings of a destination; a 400 names every rule they break, at once. */
@Component
final class SettingsReader {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE", "GET");
  private static final List<String> SCHEMES =
      List.of("standard_webhooks", "timestamped_hex", "none");
  private static final List<String> ORDERINGS = List.of("none", "fifo");
  private static final int MOST_EVENT_TYPES = 100;
  private static final int MOST_HEADERS = 20;
  private static final int LONGEST_HEADER = 1024;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_SAMPLE = 64 * 1024;
  private static final String PRIVATE = "must not target a private or reserved address";

  private final Registration registration;
  private final SignatureSchemes schemes;

  SettingsReader(Registration registration, SignatureSchemes schemes) {
    this.registration = registration;
    this.schemes = schemes;
  }

  /**
   * Settings that may be stored.
   *
   * @param caution why they may yet fail, to be shown as the status's reason; null for none
   */
  record Judged(Settings settings, @Nullable String caution) {}

  /** Judges a document from outside, the URL's name looked up. */
  Mono<Judged> judge(ObjectNode document) {
    Violations violations = new Violations();
    Settings settings = read(document, violations);
    if (settings.endpoint().isBlank()) {
      violations.refuse();
    }
    return registration
        .judge("endpoint_url", settings.endpoint())
        .map(admission -> admitted(settings, admission, violations));
  }

  /** Reads a document that was judged when it was stored. */
  Settings stored(ObjectNode document) {
    Violations violations = new Violations();
    Settings settings = read(document, violations);
    violations.refuse();
    return settings;
  }

  private static Judged admitted(Settings settings, Admission admission, Violations violations) {
    String caution = null;
    switch (admission) {
      case Admission.Admitted(var uri) -> settings.document().put("endpoint_url", uri.toString());
      case Admission.Unresolved(var uri, var reason) -> {
        settings.document().put("endpoint_url", uri.toString());
        caution = reason;
      }
      case Admission.Refused(var message) when message.endsWith(PRIVATE) ->
          violations.addDecisive("endpoint_url", message);
      case Admission.Refused(var message) -> violations.add("endpoint_url", message);
    }
    violations.refuse();
    return new Judged(settings, caution);
  }

  private Settings read(ObjectNode document, Violations violations) {
    Fields fields = Fields.of(document, violations);
    name(fields);
    String endpoint = fields.requiredText("endpoint_url");
    boolean enabled = fields.truth("enabled", true);
    List<EventTypePattern> eventTypes = eventTypes(fields);
    fields.only("filters", JSON.arrayNode());
    String method = method(fields);
    SignatureScheme scheme = scheme(document);
    List<HttpHeader> headers = headers(fields, scheme);
    fields.only("payload_format", JSON.stringNode("cloudevents_binary"));
    fields.only("template", JSON.nullNode());
    sample(fields);
    Integer timeout = fields.whole("timeout_seconds", 15, 1, 30);
    fields.only("auth", JSON.objectNode().put("type", "none"));
    Secret key = signing(fields);
    RetryPolicy retry = RetrySettings.read(fields.object("retry"));
    Limits limits = limits(fields.object("limits"));
    String ordering = fields.oneOf("ordering", "none", ORDERINGS);
    fields.refuseUnknown();
    return new Settings(
        fields.normal(),
        endpoint,
        enabled,
        eventTypes,
        method,
        headers,
        Duration.ofSeconds(timeout == null ? 15 : timeout),
        scheme,
        key,
        retry,
        limits,
        ordering.equals("fifo") ? Ordering.FIFO : Ordering.NONE);
  }

  private static void name(Fields fields) {
    String name = fields.requiredText("name");
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      fields.refuse("name", "must be 1 to 200 characters without control characters");
    }
  }

  private static void sample(Fields fields) {
    String sample = fields.text("content_sample", null);
    if (sample != null && (sample.length() > LONGEST_SAMPLE || sample.indexOf('\0') >= 0)) {
      fields.refuse("content_sample", "must be at most 65536 characters without NUL");
    }
  }

  /** O12 of the feature list: an empty method is the default one. */
  private static String method(Fields fields) {
    JsonNode given = fields.take("http_method");
    boolean empty = given != null && given.isString() && given.stringValue().isEmpty();
    if (empty) {
      fields.write("http_method", JSON.stringNode("POST"));
      return "POST";
    }
    return fields.oneOf("http_method", "POST", METHODS);
  }

  private static List<EventTypePattern> eventTypes(Fields fields) {
    List<EventTypePattern> patterns = new ArrayList<>();
    ArrayNode normal = JSON.arrayNode();
    int index = 0;
    for (JsonNode element : fields.list("event_types", MOST_EVENT_TYPES)) {
      String name = "event_types[" + index++ + "]";
      try {
        patterns.add(new EventTypePattern(element.isString() ? element.stringValue() : ""));
        normal.add(element);
      } catch (IllegalArgumentException e) {
        fields.refuse(name, "is refused: " + e.getMessage());
      }
    }
    if (patterns.isEmpty()) {
      patterns.add(EventTypePattern.ANY);
      normal.add(EventTypePattern.ANY.value());
    }
    fields.write("event_types", normal);
    return patterns;
  }

  private static List<HttpHeader> headers(Fields fields, SignatureScheme scheme) {
    List<HttpHeader> headers = new ArrayList<>();
    ArrayNode normal = JSON.arrayNode();
    int index = 0;
    for (JsonNode element : fields.list("headers", MOST_HEADERS)) {
      ObjectNode object = element instanceof ObjectNode given ? given : JSON.objectNode();
      Fields header = fields.element("headers", index++, object);
      String key = header.requiredText("key");
      String value = Objects.requireNonNullElse(header.text("value", null), "");
      header.refuseUnknown();
      refuse(header, "key", new Header(key, ""), scheme);
      refuse(header, "value", new Header("any", value), scheme);
      if (key.length() + value.length() > LONGEST_HEADER) {
        header.refuse("value", "must be, together with its key, at most 1024 characters");
      }
      headers.add(new HttpHeader(key, value));
      normal.add(header.normal());
    }
    fields.write("headers", normal);
    return headers;
  }

  private static void refuse(Fields header, String part, Header whole, SignatureScheme scheme) {
    HeaderRules.refusal(whole, scheme.ownHeaders())
        .ifPresent(rule -> header.refuse(part, "is refused: " + rule));
  }

  /** Standard Webhooks where the document names none that there is; {@link #signing} says so. */
  private SignatureScheme scheme(ObjectNode document) {
    JsonNode named = document.path("signing").path("scheme");
    return schemes
        .named(named.asString(""))
        .filter(scheme -> SCHEMES.contains(scheme.name()))
        .orElseGet(() -> schemes.named(SCHEMES.getFirst()).orElseThrow());
  }

  private static @Nullable Secret signing(Fields fields) {
    Fields signing = fields.object("signing");
    String scheme = signing.oneOf("scheme", SCHEMES.getFirst(), SCHEMES);
    JsonNode secret = signing.take("secret");
    signing.refuseUnknown();
    if (secret == null) {
      return null;
    }
    if (!secret.isString()) {
      signing.refuse("secret", "must be a string");
      return null;
    }
    if (scheme.equals("none")) {
      signing.refuse("secret", "must be absent: the scheme none has no key");
    }
    return Secret.of(secret.stringValue());
  }

  private static Limits limits(Fields limits) {
    Integer inFlight = limits.whole("max_in_flight", 64, 1, 1000);
    Double rate = limits.number("requests_per_second", 0, 10_000);
    limits.refuseUnknown();
    return new Limits(inFlight == null ? 64 : inFlight, rate);
  }
}
