// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The request that a destination wants.
 *
 * @param endpoint where to, in canonical form
 * @param method an HTTP method in capitals; GET and HEAD carry no body
 * @param headers sent beside our own, in this order
 * @param format what goes into the body
 * @param timeout for a whole attempt, 1 to 30 seconds
 */
public record HttpRequestSettings(
    URI endpoint, String method, List<HttpHeader> headers, PayloadFormat format, Duration timeout) {

  /** Copies the headers. */
  public HttpRequestSettings {
    headers = List.copyOf(headers);
  }
}
