// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request that a destination wants.
 *
 * @param endpoint where to, in canonical form
 * @param method an HTTP method in capitals; GET and HEAD carry no body
 * @param headers sent beside our own, in this order
 * @param format what goes into the body
 * @param template Jinja, there if and only if the format is {@link PayloadFormat#TEMPLATE}
 * @param timeout for a whole attempt, 1 to 30 seconds
 */
public record HttpRequestSettings(
    URI endpoint,
    String method,
    List<HttpHeader> headers,
    PayloadFormat format,
    @Nullable String template,
    Duration timeout) {

  /** Refuses a format without its template, and copies the headers. */
  public HttpRequestSettings {
    headers = List.copyOf(headers);
    if ((format == PayloadFormat.TEMPLATE) != (template != null)) {
      throw new IllegalArgumentException(
          "a template belongs to the format template: had " + format);
    }
  }

  /** The same within that time, if it is shorter. */
  public HttpRequestSettings within(Duration longest) {
    Duration shorter = timeout.compareTo(longest) < 0 ? timeout : longest;
    return new HttpRequestSettings(endpoint, method, headers, format, template, shorter);
  }

  /** The same with the data as it is for a body, and nothing said of the event. */
  public HttpRequestSettings unchanged() {
    return new HttpRequestSettings(endpoint, method, headers, PayloadFormat.RAW, null, timeout);
  }
}
