// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * By what a request that is repeated is known: the key, as its tenant's, and what was asked for.
 *
 * @param key SHA-256 of tenant and key
 * @param request SHA-256 of the body, its content type and its attributes in headers
 * @see <a
 *     href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07">The
 *     Idempotency-Key HTTP Header Field, §2</a>
 */
record IdempotencyKey(TenantId tenant, ByteBuffer key, ByteBuffer request) {

  static final String HEADER = "Idempotency-Key";

  private static final Pattern ALLOWED = Pattern.compile("[!-~]{1,255}");

  /** Null where the request has none; a 400 when it is longer than 255, or not visible ASCII. */
  static @Nullable IdempotencyKey of(TenantId tenant, HttpHeaders headers, byte[] body) {
    String key = headers.getFirst(HEADER);
    if (key == null) {
      return null;
    }
    if (!ALLOWED.matcher(key).matches()) {
      throw Problem.invalid(
          HEADER, HEADER + " must be 1 to 255 visible ASCII characters: had " + key.length());
    }
    return new IdempotencyKey(
        tenant, hash(tenant.value().getBytes(UTF_8), key.getBytes(UTF_8)), request(headers, body));
  }

  /** To be read once. */
  @Override
  public ByteBuffer key() {
    return key.duplicate();
  }

  /** To be read once. */
  @Override
  public ByteBuffer request() {
    return request.duplicate();
  }

  private static ByteBuffer request(HttpHeaders headers, byte[] body) {
    TreeMap<String, String> said = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("ce-") || lower.equals("content-type")) {
            said.put(lower, values.getFirst());
          }
        });
    return hash(said.toString().getBytes(UTF_8), body);
  }

  /** The id of an event that comes without: the same however often it comes. */
  UUID eventId(Instant first) {
    ByteBuffer bits = key();
    return TimeOrderedUuid.of(first, bits.getLong(), bits.getLong());
  }

  private static ByteBuffer hash(byte[] one, byte[] other) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(4).putInt(one.length).array());
      digest.update(one);
      return ByteBuffer.wrap(digest.digest(other));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
