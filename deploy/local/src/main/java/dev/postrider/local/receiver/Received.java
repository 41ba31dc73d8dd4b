// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived, and what became of it.
 *
 * @param headers in the order of the wire
 * @param answered the status that was answered; null when the request was left hanging
 */
record Received(
    Instant receivedAt,
    String name,
    String method,
    String path,
    @Nullable String query,
    List<Header> headers,
    ByteBuffer bodyBase64,
    Verdict signature,
    @Nullable Integer answered) {

  /** What objects cost besides their text, roughly. */
  private static final int OVERHEAD_BYTES = 128;

  /** The body as text; null when it is not UTF-8. */
  @JsonProperty
  @Nullable String body() {
    try {
      return UTF_8.newDecoder().decode(bodyBase64.duplicate()).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  int weight() {
    var text = headers.stream().mapToInt(h -> h.name().length() + h.value().length()).sum();
    return bodyBase64.remaining() + text + path.length() + OVERHEAD_BYTES * (headers.size() + 2);
  }

  record Header(String name, String value) {}
}
