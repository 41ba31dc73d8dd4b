// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.server.ServerWebExchange;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a caller wants to be sure of before it changes a resource, or reads it again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1">RFC 9110 §13.1.1</a>
 */
public final class Preconditions {

  private Preconditions() {}

  /**
   * An answer whose ETag is made of its content, for a resource that nobody changes and that has no
   * version; who sends it as {@code If-None-Match} gets a 304 while it is the same.
   */
  public static ResponseEntity<ObjectNode> tagged(ObjectNode answer) {
    String digest = DigestUtils.md5DigestAsHex(answer.toString().getBytes(UTF_8));
    return ResponseEntity.ok().eTag('"' + digest + '"').body(answer);
  }

  /** A 412 when the request's {@code If-Match} has strong tags, and none is the resource's. */
  public static void check(String resource, ServerWebExchange exchange, String etag) {
    check(resource, exchange.getRequest().getHeaders().getFirst(HttpHeaders.IF_MATCH), etag);
  }

  /** A 412 when {@code If-Match} has strong tags, and none of them is the resource's. */
  public static void check(String resource, @Nullable String ifMatch, String etag) {
    if (ifMatch == null
        || Stream.of(ifMatch.split(","))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag))) {
      return;
    }
    throw Problem.of(
        HttpStatus.PRECONDITION_FAILED,
        "the %s has changed since: its ETag is %s, If-Match was %s"
            .formatted(resource, etag, ifMatch));
  }
}
