// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to a judged target.
 *
 * @param headers sent in this order, byte for byte; Host and Content-Length are added
 * @param body sent as it is, never copied
 * @param timeout for the whole attempt: waiting for a connection, DNS, connecting, the answer's
 *     body
 * @param tls what its connection trusts and shows beyond the usual; null for no more than that
 * @param excerpt how much of the answer's body is kept, in bytes, 1 to 65,536; usually 4096
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared, and bodies never copied
public record Request(
    Target target,
    String method,
    List<Header> headers,
    byte[] body,
    Duration timeout,
    @Nullable TlsIdentity tls,
    int excerpt) {

  private static final int LARGEST_EXCERPT = 64 * 1024;

  /** Refuses to keep more than is safe. */
  public Request {
    if (excerpt < 1 || excerpt > LARGEST_EXCERPT) {
      throw new IllegalArgumentException("an excerpt has 1 to 65536 bytes: was " + excerpt);
    }
  }

  /** Keeping as much of the answer as people look at. */
  public Request(
      Target target,
      String method,
      List<Header> headers,
      byte[] body,
      Duration timeout,
      @Nullable TlsIdentity tls) {
    this(target, method, headers, body, timeout, tls, Excerpt.USUAL);
  }

  /** With the usual trust, showing nothing. */
  public Request(
      Target target, String method, List<Header> headers, byte[] body, Duration timeout) {
    this(target, method, headers, body, timeout, null, Excerpt.USUAL);
  }
}
