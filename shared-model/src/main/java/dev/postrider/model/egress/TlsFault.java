// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why there is no TLS with a receiver, as far as its administrator can do something about it. */
public enum TlsFault {
  /** The certificate is for another name. */
  WRONG_HOST,
  /** The certificate is not valid any more, or not yet. */
  EXPIRED,
  /** Nobody whom we trust vouches for the certificate. */
  UNTRUSTED,
  /** It speaks nothing newer than TLS 1.1. */
  PROTOCOL,
  /** It does not speak HTTP/1.1. */
  NO_HTTP1,
  /** It asks for a client certificate, or does not take the one that it was shown. */
  CLIENT_CERTIFICATE,
  /** Anything else. */
  HANDSHAKE;

  /** The JDK tells its handshake failures apart by words only; the first that fits counts. */
  private static final Map<Pattern, TlsFault> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put(
        Pattern.compile("Received fatal alert: \\w*(?:certificate|unknown_ca|access_denied)"),
        CLIENT_CERTIFICATE);
    WORDS.put(Pattern.compile("No subject alternative|No name matching"), WRONG_HOST);
    WORDS.put(Pattern.compile("validity check failed|NotAfter|expired"), EXPIRED);
    WORDS.put(Pattern.compile("valid certification path|PKIX"), UNTRUSTED);
    WORDS.put(Pattern.compile("protocol_version|selected protocol version"), PROTOCOL);
    WORDS.put(Pattern.compile("no_application_protocol"), NO_HTTP1);
  }

  /** Of a failure that {@link GuardedHttpClient} gave. */
  public static TlsFault of(SSLException failure) {
    return WORDS.entrySet().stream()
        .filter(words -> mentions(failure, words.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(HANDSHAKE);
  }

  private static boolean mentions(Throwable failure, Pattern words) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && words.matcher(cause.getMessage()).find()) {
        return true;
      }
    }
    return false;
  }
}
