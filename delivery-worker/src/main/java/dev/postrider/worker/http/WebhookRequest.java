// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Target;
import dev.postrider.model.payload.Content;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SigningInput;
import dev.postrider.worker.http.Receiver.Proof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request that a delivery becomes: its content, the destination's own headers, its credentials,
 * and a fresh signature over the exact bytes.
 */
final class WebhookRequest {

  private static final String CONTENT_TYPE = "Content-Type";

  /** RFC 9110 §8.3. */
  private static final String UNKNOWN = "application/octet-stream";

  /** Sent under every scheme, so that receivers can drop a delivery that comes twice. */
  private static final String DELIVERY = "webhook-id";

  /** W3C Trace Context §3.2.2; anything else is not passed on. */
  private static final Pattern TRACE =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final String userAgent;

  WebhookRequest(String userAgent) {
    this.userAgent = userAgent;
  }

  /**
   * Where a request goes and what it shows of its sender.
   *
   * @param trace W3C {@code traceparent}; what is none is not passed on
   */
  record Way(Target target, Proof proof, @Nullable String trace) {}

  /**
   * The bytes to send.
   *
   * @param content what goes in, in the destination's format
   */
  Request build(
      Delivery delivery, Content content, HttpRequestSettings settings, Way way, Instant now) {
    Target target = way.target();
    Proof proof = way.proof();
    String trace = way.trace();
    SignatureScheme scheme = proof.signer().scheme();
    String type = content.type() == null && scheme.signsContentType() ? UNKNOWN : content.type();
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("User-Agent", userAgent));
    if (type != null) {
      headers.add(new Header(CONTENT_TYPE, type));
    }
    headers.addAll(content.attributes());
    if (trace != null && TRACE.matcher(trace).matches()) {
      headers.add(new Header("traceparent", trace));
    }
    addOwn(settings.headers(), headers);
    proof.credentials().header().ifPresent(headers::add);
    String id = delivery.id().toString();
    SigningInput input =
        new SigningInput(
            id,
            now,
            content.body(),
            target.uri(),
            settings.method(),
            value(headers, CONTENT_TYPE),
            delivery.destination().toString());
    proof.signer().sign(input, (name, value) -> headers.add(new Header(name, value)));
    if (value(headers, DELIVERY).isEmpty()) {
      headers.add(new Header(DELIVERY, id));
    }
    return new Request(
        target,
        settings.method(),
        headers,
        content.body(),
        settings.timeout(),
        proof.credentials().tls());
  }

  /** A tenant's Content-Type or User-Agent goes instead of ours: neither may stand twice. */
  private static void addOwn(List<HttpHeader> own, List<Header> headers) {
    own.forEach(header -> headers.removeIf(ours -> same(ours.name(), header.key())));
    own.forEach(header -> headers.add(new Header(header.key(), header.value())));
  }

  /** Empty where there is no such header. */
  private static String value(List<Header> headers, String name) {
    for (Header header : headers) {
      if (same(header.name(), name)) {
        return header.value();
      }
    }
    return "";
  }

  private static boolean same(String name, String other) {
    return name.equalsIgnoreCase(other);
  }
}
