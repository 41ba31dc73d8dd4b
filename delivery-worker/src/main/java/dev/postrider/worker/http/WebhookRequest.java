// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Target;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.signature.Signer;
import dev.postrider.model.signature.SigningInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request that a delivery becomes: the data as published for a body, the attributes as {@code
 * ce-*} headers, the destination's own headers, and a fresh signature over the exact bytes.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 *     protocol binding 1.0.2 §3.1</a>
 */
final class WebhookRequest {

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

  /** Sent under every scheme, so that receivers can drop a delivery that comes twice. */
  private static final String DELIVERY = "webhook-id";

  private static final byte[] NOTHING = new byte[0];

  /** Our own extension for routing: whose event it is, the receiver knows. */
  private static final Set<String> NOT_SENT = Set.of("tenantid", "partitionkey", "traceparent");

  /** W3C Trace Context §3.2.2; anything else is not passed on. */
  private static final Pattern TRACE =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final String userAgent;

  WebhookRequest(String userAgent) {
    this.userAgent = userAgent;
  }

  /**
   * The bytes to send.
   *
   * @param trace W3C {@code traceparent}; what is none is not passed on
   */
  Request build(
      Delivery delivery,
      HttpRequestSettings settings,
      Target target,
      Signer signer,
      @Nullable String trace,
      Instant now) {
    PlatformEvent event = delivery.event();
    boolean withoutBody = WITHOUT_BODY.contains(settings.method());
    byte[] body = withoutBody ? NOTHING : event.payload().bytes();
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("User-Agent", userAgent));
    if (event.contentType() != null && !withoutBody) {
      headers.add(new Header("Content-Type", event.contentType()));
    }
    attributes(event, headers);
    if (trace != null && TRACE.matcher(trace).matches()) {
      headers.add(new Header("traceparent", trace));
    }
    // A tenant's Content-Type or User-Agent goes instead of ours: neither may stand twice.
    settings.headers().forEach(own -> headers.removeIf(ours -> same(ours.name(), own.key())));
    for (HttpHeader own : settings.headers()) {
      headers.add(new Header(own.key(), own.value()));
    }
    signer.sign(
        new SigningInput(delivery.id().toString(), now, body, target.uri(), settings.method()),
        (name, value) -> headers.add(new Header(name, value)));
    if (!names(headers, DELIVERY)) {
      headers.add(new Header(DELIVERY, delivery.id().toString()));
    }
    return new Request(target, settings.method(), headers, body, settings.timeout());
  }

  private static boolean names(List<Header> headers, String name) {
    for (Header header : headers) {
      if (same(header.name(), name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(String name, String other) {
    return name.equalsIgnoreCase(other);
  }

  private static void attributes(PlatformEvent event, List<Header> headers) {
    event
        .attributes()
        .forEach(
            (name, value) -> {
              if (!NOT_SENT.contains(name)) {
                headers.add(new Header("ce-" + name, encoded(value)));
              }
            });
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
