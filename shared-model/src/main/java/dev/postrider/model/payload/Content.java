// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.egress.Header;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.signature.SignatureScheme.BodyForm;
import dev.postrider.model.wire.CloudEventJson;
import dev.postrider.model.wire.MalformedJsonException;
import dev.postrider.model.wire.PythonJson;
import dev.postrider.model.wire.StandardWebhooksJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of an event goes into a request, in the destination's format.
 *
 * @param body as it is signed and sent
 * @param type of the body; null where there is none or nobody knows
 * @param attributes of the event that are sent as headers
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 *     protocol binding 1.0.2 §3.1, §3.2</a>
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and bodies never copied
public record Content(byte[] body, @Nullable String type, List<Header> attributes) {

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");
  private static final byte[] NOTHING = new byte[0];
  private static final String JSON = "application/json";

  /** Our own extension for routing: whose event it is, the receiver knows. */
  private static final Set<String> NOT_SENT = Set.of("tenantid", "partitionkey", "traceparent");

  static boolean hasBody(HttpRequestSettings settings) {
    return !WITHOUT_BODY.contains(settings.method());
  }

  /**
   * The content.
   *
   * @param rendered what the destination's template makes of the event; not asked for without one
   */
  static Content of(
      PlatformEvent event, HttpRequestSettings settings, BodyForm form, Supplier<byte[]> rendered) {
    boolean binary = settings.format() == PayloadFormat.CLOUDEVENTS_BINARY;
    List<Header> attributes = binary ? headers(event) : List.of();
    if (!hasBody(settings)) {
      return new Content(NOTHING, null, attributes);
    }
    byte[] body = body(event, settings.format(), rendered);
    return new Content(
        form == BodyForm.PYTHON_JSON ? python(body) : body,
        type(event, settings.format()),
        attributes);
  }

  private static byte[] body(PlatformEvent event, PayloadFormat format, Supplier<byte[]> rendered) {
    return switch (format) {
      case CLOUDEVENTS_BINARY, RAW -> event.payload().bytes();
      case CLOUDEVENTS_STRUCTURED ->
          CloudEventJson.write(sent(event), event.contentType(), event.payload());
      case STANDARD_WEBHOOKS -> StandardWebhooksJson.write(event);
      case TEMPLATE -> rendered.get();
    };
  }

  private static @Nullable String type(PlatformEvent event, PayloadFormat format) {
    return switch (format) {
      case CLOUDEVENTS_BINARY, RAW -> event.contentType();
      case CLOUDEVENTS_STRUCTURED -> "application/cloudevents+json";
      case STANDARD_WEBHOOKS, TEMPLATE -> JSON;
    };
  }

  /** What is no JSON stays as it is: nobody parses it then. */
  private static byte[] python(byte[] body) {
    try {
      return PythonJson.dumps(body);
    } catch (MalformedJsonException _) {
      return body;
    }
  }

  /** In the publisher's order; a copy. */
  static Map<String, String> sent(PlatformEvent event) {
    Map<String, String> sent = new LinkedHashMap<>(event.attributes());
    sent.keySet().removeAll(NOT_SENT);
    return sent;
  }

  private static List<Header> headers(PlatformEvent event) {
    List<Header> headers = new ArrayList<>();
    event
        .attributes()
        .forEach(
            (name, value) -> {
              if (!NOT_SENT.contains(name)) {
                headers.add(new Header("ce-" + name, encoded(value)));
              }
            });
    return headers;
  }

  /**
   * §3.1.3.2: everything but printable ASCII is percent-encoded, and so are space, quote and
   * percent.
   */
  private static String encoded(String value) {
    if (isPlain(value)) {
      return value;
    }
    StringBuilder encoded = new StringBuilder(value.length() * 2);
    for (byte octet : value.getBytes(UTF_8)) {
      if (plain(octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append("%02X".formatted(octet & 0xFF));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!plain(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean plain(int character) {
    return character > ' ' && character < 0x7F && character != '"' && character != '%';
  }
}
