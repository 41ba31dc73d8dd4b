// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import dev.postrider.api.credential.AuthenticationReader;
import dev.postrider.api.credential.AuthenticationSettings;
import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.egress.Admission;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.HeaderRules;
import dev.postrider.model.egress.Registration;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.signature.Algorithm;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.wire.FilterJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Judges the settings of a destination; a 400 names every rule they break, at once. */
@Component
public final class SettingsReader {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE", "GET");
  private static final List<String> FORMATS =
      Stream.of(PayloadFormat.values())
          .map(PayloadFormat::name)
          .map(SettingsReader::lower)
          .toList();
  private static final String UNSIGNED =
      "signing.scheme must not be none: requests are signed here, unless the operator sets"
          + " postrider.allow-unsigned";
  private static final List<String> ORDERINGS = List.of("none", "fifo");
  private static final List<String> HANDSHAKES = List.of("none", "cloudevents");
  private static final int MOST_EVENT_TYPES = 100;
  private static final int MOST_FILTERS = 20;
  private static final int MOST_HEADERS = 20;
  private static final int LONGEST_HEADER = 1024;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_SAMPLE = 64 * 1024;
  private static final String PRIVATE = "must not target a private or reserved address";

  private final DestinationRules rules;
  private final Registration registration;
  private final SignatureSchemes schemes;

  SettingsReader(DestinationRules rules, Registration registration, SignatureSchemes schemes) {
    this.rules = rules;
    this.registration = registration;
    this.schemes = schemes;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Settings that may be stored.
   *
   * @param caution why they may yet fail, to be shown as the status's reason; null for none
   */
  public record Judged(Settings settings, @Nullable String caution) {}

  /**
   * Judges a document from outside, the URL's name looked up.
   *
   * @param before what is changed, whose secrets may stay
   */
  public Mono<Judged> judge(ObjectNode document, AuthenticationReader.Held before) {
    Violations violations = new Violations();
    Settings settings = read(document, before, violations);
    if (!rules.allowUnsigned() && settings.scheme().algorithm() == Algorithm.NONE) {
      violations.add("signing.scheme", UNSIGNED);
    }
    return TemplateRules.judge(settings, violations)
        .then(Mono.defer(() -> admission(settings, violations)));
  }

  private Mono<Judged> admission(Settings settings, Violations violations) {
    if (settings.endpoint().isBlank()) {
      violations.refuse();
    }
    return Flux.fromIterable(urls(settings))
        .concatMap(url -> registration.judge(url.field(), url.text()).map(url::judged))
        .collectList()
        .map(judged -> admitted(settings, judged, violations));
  }

  /**
   * A URL that a tenant can aim.
   *
   * @param part the object that it stands in
   */
  private record Url(String field, ObjectNode part, String name, String text) {

    JudgedUrl judged(Admission admission) {
      return new JudgedUrl(this, admission);
    }
  }

  private record JudgedUrl(Url url, Admission admission) {}

  /** One that is missing was noted already. */
  private static List<Url> urls(Settings settings) {
    ObjectNode document = settings.document();
    List<Url> urls = new ArrayList<>();
    urls.add(new Url("endpoint_url", document, "endpoint_url", settings.endpoint()));
    if (document.get("auth") instanceof ObjectNode auth) {
      settings
          .authentication()
          .urls()
          .forEach((name, text) -> urls.add(new Url("auth." + name, auth, name, text)));
    }
    return urls.stream().filter(url -> !url.text().isBlank()).toList();
  }

  /** Reads a document that was judged when it was stored, or differs in nothing to be judged. */
  public Settings stored(ObjectNode document, AuthenticationReader.Held before) {
    Violations violations = new Violations();
    Settings settings = read(document, before, violations);
    violations.refuse();
    return settings;
  }

  /** What is wrong with the endpoint comes first, and a name that does not resolve is said once. */
  private static Judged admitted(Settings settings, List<JudgedUrl> judged, Violations violations) {
    String caution = null;
    for (JudgedUrl one : judged) {
      String unresolved = admitted(one.url(), one.admission(), violations);
      caution = caution == null ? unresolved : caution;
    }
    violations.refuse();
    return new Judged(settings, caution);
  }

  private static @Nullable String admitted(Url url, Admission admission, Violations violations) {
    switch (admission) {
      case Admission.Admitted(var uri) -> url.part().put(url.name(), uri.toString());
      case Admission.Unresolved(var uri, var reason) -> {
        url.part().put(url.name(), uri.toString());
        return reason;
      }
      case Admission.Refused(var message) when message.endsWith(PRIVATE) ->
          violations.addDecisive(url.field(), message);
      case Admission.Refused(var message) -> violations.add(url.field(), message);
    }
    return null;
  }

  private Settings read(
      ObjectNode document, AuthenticationReader.Held held, Violations violations) {
    Fields fields = Fields.of(document, violations);
    name(fields);
    String endpoint = fields.requiredText("endpoint_url");
    boolean enabled = fields.truth("enabled", true);
    SigningSettings signing = SigningSettings.read(fields.object("signing"), schemes);
    AuthenticationSettings authentication = AuthenticationReader.read(fields.object("auth"), held);
    Set<String> taken = new HashSet<>(signing.scheme().ownHeaders());
    taken.addAll(authentication.ownHeaders());
    boolean handshake = fields.oneOf("handshake", "none", HANDSHAKES).equals("cloudevents");
    PayloadFormat format = format(fields);
    Integer timeout = fields.whole("timeout_seconds", 15, 1, 30);
    sample(fields);
    Settings settings =
        new Settings(
            fields.normal(),
            endpoint,
            enabled,
            handshake,
            eventTypes(fields),
            filters(fields),
            method(fields),
            handshake ? permittedHeaders(fields, taken) : headers(fields, taken),
            format,
            template(fields, format),
            Duration.ofSeconds(timeout == null ? 15 : timeout),
            authentication,
            signing.scheme(),
            signing.givenKey(),
            RetrySettings.read(fields.object("retry")),
            limits(fields.object("limits")),
            ordering(fields));
    fields.refuseUnknown();
    return settings;
  }

  static PayloadFormat format(Fields fields) {
    String name = fields.oneOf("payload_format", FORMATS.getFirst(), FORMATS);
    return FORMATS.contains(name)
        ? PayloadFormat.valueOf(name.toUpperCase(Locale.ROOT))
        : PayloadFormat.CLOUDEVENTS_BINARY;
  }

  static @Nullable String template(Fields fields, PayloadFormat format) {
    String template = fields.text("template", null);
    if (format != PayloadFormat.TEMPLATE) {
      if (template != null) {
        fields.refuse("template", "must be absent unless payload_format is template");
      }
      return null;
    }
    if (template == null) {
      fields.refuse("template", "is required by the payload_format template");
    } else if (template.length() > LONGEST_SAMPLE) {
      fields.refuse("template", "must be at most 65536 characters");
    }
    return Objects.requireNonNullElse(template, "");
  }

  private static Ordering ordering(Fields fields) {
    return fields.oneOf("ordering", "none", ORDERINGS).equals("fifo")
        ? Ordering.FIFO
        : Ordering.NONE;
  }

  private static List<EventFilter> filters(Fields fields) {
    List<EventFilter> filters = new ArrayList<>();
    ArrayNode normal = JSON.arrayNode();
    int index = 0;
    for (JsonNode element : fields.list("filters", MOST_FILTERS)) {
      String name = "filters[" + index++ + "]";
      try {
        filters.add(FilterJson.read(element));
        normal.add(element);
      } catch (IllegalArgumentException e) {
        fields.refuse(name, "is refused: " + e.getMessage());
      }
    }
    fields.write("filters", normal);
    return filters;
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
  static String method(Fields fields) {
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

  /** CloudEvents web hooks §4.1.1: who was permitted shows in each request who he is. */
  private List<HttpHeader> permittedHeaders(Fields fields, Set<String> taken) {
    taken.add("origin");
    List<HttpHeader> headers = headers(fields, taken);
    headers.add(new HttpHeader("Origin", rules.handshakeOrigin()));
    return headers;
  }

  static List<HttpHeader> headers(Fields fields, Set<String> taken) {
    List<HttpHeader> headers = new ArrayList<>();
    ArrayNode normal = JSON.arrayNode();
    int index = 0;
    for (JsonNode element : fields.list("headers", MOST_HEADERS)) {
      ObjectNode object = element instanceof ObjectNode given ? given : JSON.objectNode();
      Fields header = fields.element("headers", index++, object);
      String key = header.requiredText("key");
      String value = Objects.requireNonNullElse(header.text("value", null), "");
      header.refuseUnknown();
      refuse(header, "key", new Header(key, ""), taken);
      refuse(header, "value", new Header("any", value), taken);
      if (key.length() + value.length() > LONGEST_HEADER) {
        header.refuse("value", "must be, together with its key, at most 1024 characters");
      }
      headers.add(new HttpHeader(key, value));
      normal.add(header.normal());
    }
    fields.write("headers", normal);
    return headers;
  }

  private static void refuse(Fields header, String part, Header whole, Set<String> taken) {
    HeaderRules.refusal(whole, taken).ifPresent(rule -> header.refuse(part, "is refused: " + rule));
  }

  private static Limits limits(Fields limits) {
    Integer inFlight = limits.whole("max_in_flight", 64, 1, 1000);
    Double rate = limits.number("requests_per_second", 0, 10_000);
    limits.refuseUnknown();
    return new Limits(inFlight == null ? 64 : inFlight, rate);
  }
}
