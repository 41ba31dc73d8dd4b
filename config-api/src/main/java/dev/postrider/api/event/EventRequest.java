// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violation;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.CloudEventJson;
import dev.postrider.model.wire.ContentTypes;
import dev.postrider.model.wire.MalformedJsonException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Tells the forms of a publish request apart and reads the events out of it.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents
 *     HTTP protocol binding 1.0.2 §3</a>
 */
final class EventRequest {

  private static final String PREFIX = "ce-";
  private static final String JSON = "application/json";

  private EventRequest() {}

  /**
   * @param batch whether it was a batch, whose violations are named by index
   * @param complete whether they have their id and source, as CloudEvents must; only the short form
   *     may leave them to us
   * @param objections what was wrong with their form, to be told with the rest
   */
  record Drafts(
      List<EventDraft> events, boolean batch, boolean complete, List<Violation> objections) {

    static Drafts complete(List<EventDraft> events, boolean batch) {
      return new Drafts(events, batch, true, List.of());
    }

    /** With what only the short form, which is of one event, may leave to us. */
    Drafts identified(UUID id, Instant time, TenantId tenant) {
      return complete
          ? this
          : each(event -> with(event, "id", id.toString()))
              .each(event -> with(event, "source", "/tenants/" + tenant))
              .dated(time);
    }

    /** With this time where there is none. */
    Drafts dated(Instant time) {
      return each(event -> with(event, "time", time.toString()));
    }

    private Drafts each(UnaryOperator<EventDraft> change) {
      return new Drafts(events.stream().map(change).toList(), batch, complete, objections);
    }

    /** With this attribute, unless it has it. */
    static EventDraft with(EventDraft event, String name, String text) {
      return event.attributes().containsKey(name) ? event : event.with(name, text);
    }
  }

  static Drafts read(HttpHeaders headers, byte[] body) {
    String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
    try {
      if (ContentTypes.is(ContentTypes.CLOUDEVENTS_BATCH, type)) {
        return Drafts.complete(CloudEventJson.readBatch(body), true);
      }
      return one(headers, type, body);
    } catch (MalformedJsonException e) {
      throw JsonBody.malformed(e.member(), String.valueOf(e.getMessage()));
    }
  }

  private static Drafts one(HttpHeaders headers, @Nullable String type, byte[] body) {
    if (ContentTypes.is(ContentTypes.CLOUDEVENT, type)) {
      return Drafts.complete(List.of(CloudEventJson.read(body)), false);
    }
    Map<String, String> attributes = binaryAttributes(headers);
    if (!attributes.isEmpty()) {
      EventDraft event = new EventDraft(attributes, type, Payload.of(body));
      return Drafts.complete(List.of(event), false);
    }
    if (ContentTypes.is(JSON, type)) {
      Violations objections = new Violations();
      EventDraft event = PlainEvent.read(body, objections);
      return new Drafts(List.of(event), false, false, objections.all());
    }
    throw Problem.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "the content type must be %s, %s or %s, or the request have ce-* headers: was %s"
            .formatted(
                JSON,
                ContentTypes.CLOUDEVENT,
                ContentTypes.CLOUDEVENTS_BATCH,
                Objects.requireNonNullElse(type, "absent")));
  }

  private static Map<String, String> binaryAttributes(HttpHeaders headers) {
    Map<String, String> attributes = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith(PREFIX)) {
            attributes.put(lower.substring(PREFIX.length()), decoded(name, values.getFirst()));
          }
        });
    return attributes;
  }

  /** §3.1.3.2: quotes around the value go first, then its percent-encoding. */
  private static String decoded(String name, String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    String bare =
        quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    try {
      String text = URLDecoder.decode(bare.replace("+", "%2B"), ISO_8859_1);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes(ISO_8859_1))).toString();
    } catch (IllegalArgumentException | CharacterCodingException _) {
      throw Problem.invalid(name, name + " must be percent-encoded UTF-8: was '" + value + "'");
    }
  }
}
