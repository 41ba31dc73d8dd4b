// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one attempt came to: exactly one of four. */
public sealed interface Outcome {

  /**
   * As in metric labels and records: {@code accepted}, {@code rejected}, {@code unreachable},
   * {@code refused}.
   */
  String label();

  /** Why, in a word for labels, such as {@code http_5xx} or {@code connect_timeout}. */
  String reason();

  /** The receiver took it: a 2xx status. */
  record Accepted(int status) implements Outcome {
    @Override
    public String label() {
      return "accepted";
    }

    @Override
    public String reason() {
      return "http_2xx";
    }
  }

  /**
   * The receiver answered, but did not take it.
   *
   * @param retryAfter what a 429 or 503 asked for (RFC 9110 §10.2.3); null if it did not
   */
  record Rejected(int status, @Nullable Duration retryAfter) implements Outcome {
    @Override
    public String label() {
      return "rejected";
    }

    /** By class, but for the three statuses that change how the destination is served. */
    @Override
    public String reason() {
      return switch (status) {
        case 410, 429, 503 -> "http_" + status;
        default -> "http_" + status / 100 + "xx";
      };
    }
  }

  /** No usable answer came. */
  record Unreachable(Cause cause) implements Outcome {
    @Override
    public String label() {
      return "unreachable";
    }

    @Override
    public String reason() {
      return cause.label();
    }
  }

  /** We declined to send. */
  record Refused(Why why) implements Outcome {
    @Override
    public String label() {
      return "refused";
    }

    @Override
    public String reason() {
      return why.label();
    }
  }

  /** What kept an answer from coming. */
  enum Cause {
    /** The name does not exist, or has no address. */
    DNS_NOT_FOUND,
    /** The name's servers answered that they cannot answer. */
    DNS_FAILURE,
    /** The name's servers do not answer, while those of other names do. */
    DNS_TIMEOUT,
    /** No connection that could be sent to, TLS included, within the time. */
    CONNECT_TIMEOUT,
    CONNECTION_REFUSED,
    /** Closed before an answer came. */
    CONNECTION_RESET,
    HOST_UNREACHABLE,
    /** Nobody whom we trust vouches for the certificate; self-signed ones are such. */
    TLS_UNTRUSTED,
    TLS_WRONG_HOST,
    /** The certificate is not valid any more, or not yet. */
    TLS_EXPIRED,
    /** The receiver speaks nothing newer than TLS 1.1. */
    TLS_PROTOCOL,
    /** The receiver began no handshake, or did not end it. */
    TLS_TIMEOUT,
    /** Any other disagreement, such as ciphers, or a client certificate that is asked for. */
    TLS_HANDSHAKE,
    /** Plain text came where TLS was spoken. */
    NOT_TLS,
    /** The receiver speaks HTTP/2 only; we speak HTTP/1.1. */
    NO_HTTP1,
    /** The request was sent, and no status came within the time. */
    TIMEOUT,
    /** What came is no HTTP/1 response, or one of two meanings. */
    PROTOCOL_ERROR,
    HEADERS_TOO_LARGE,
    OTHER;

    /** The receiver is too slow, rather than wrong. */
    public boolean slow() {
      return this == TIMEOUT || this == CONNECT_TIMEOUT || this == TLS_TIMEOUT;
    }

    /** In lower case. */
    public String label() {
      return lowerCase(this);
    }
  }

  /** Why we declined. */
  enum Why {
    /** The name leads to an address that must not be reached. */
    PRIVATE_ADDRESS(false),
    /** The stored URL breaks a rule of today. */
    URL_RULE(false),
    /** The destination's template makes no body of this event. */
    TEMPLATE_FAILED(false),
    /** We cannot sign or authenticate: a secret does not open. */
    KEY_UNAVAILABLE(true),
    /** Our own connection pool or file descriptors are exhausted. */
    OVERLOADED(true),
    /** Our own resolver answers for no name at all. */
    RESOLVER_DOWN(true),
    /** A defect of ours with this very delivery: it uses up attempts, or it would never end. */
    INTERNAL(false);

    private final boolean ours;

    Why(boolean ours) {
      this.ours = ours;
    }

    /** A fault of our own: it uses up no attempt and never counts against the destination. */
    public boolean ours() {
      return ours;
    }

    /** In lower case. */
    public String label() {
      return lowerCase(this);
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
