// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.io.Serial;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * An answer other than success, thrown by whoever finds out that there is none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457#section-3">RFC 9457 §3</a>
 */
public final class Problem extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String detail;
  private final transient Map<String, Object> members = new LinkedHashMap<>();
  private final transient HttpHeaders headers = new HttpHeaders();

  private Problem(HttpStatus status, String detail, @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.status = status;
    this.detail = detail;
  }

  /** A problem of this status, with a sentence for the caller. */
  public static Problem of(HttpStatus status, String detail) {
    return new Problem(status, detail, null);
  }

  /** 404, for what does not exist and for what is not the caller's alike. */
  public static Problem notFound() {
    return of(HttpStatus.NOT_FOUND, "there is nothing of this id here");
  }

  /** What an id in a path says; a 404 when it is none, since there is nothing of that id either. */
  public static <T> T orNotFound(Function<String, T> parsing, String text) {
    try {
      return parsing.apply(text);
    } catch (IllegalArgumentException _) {
      throw notFound();
    }
  }

  /** 400 with every violation found. */
  public static Problem invalid(String detail, List<Violation> violations) {
    return of(HttpStatus.BAD_REQUEST, detail).with("errors", violations);
  }

  /** 400 with one violation. */
  public static Problem invalid(String field, String message) {
    return invalid(message, List.of(new Violation(field, message)));
  }

  /** 503: something this service needs is away and will come back. */
  public static Problem unavailable(String detail, Throwable cause) {
    Problem problem = new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail, cause);
    return problem.retryAfter(Duration.ofSeconds(5));
  }

  /** 429: there will be room after this time. */
  public static Problem tooMany(String detail, Duration wait) {
    return of(HttpStatus.TOO_MANY_REQUESTS, detail).retryAfter(wait.plusMillis(999));
  }

  /** Adds an extension member (RFC 9457 §3.2). */
  public Problem with(String member, Object value) {
    members.put(member, value);
    return this;
  }

  /** Adds {@code Location}: where the thing is that the problem is about. */
  public Problem at(URI location) {
    headers.setLocation(location);
    return this;
  }

  /** Adds headers that the status calls for, such as {@code Allow} with 405. */
  Problem with(HttpHeaders more) {
    headers.putAll(more);
    return this;
  }

  private Problem retryAfter(Duration wait) {
    headers.set(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
    return this;
  }

  /** What kind of answer it is. */
  public HttpStatus status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** The members in the order of the RFC. */
  public Map<String, Object> body(String instance) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", status.getReasonPhrase());
    body.put("status", status.value());
    body.put("detail", detail);
    body.put("instance", instance);
    body.putAll(members);
    return body;
  }
}
