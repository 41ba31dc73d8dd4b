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

    @Override
    public String reason() {
      return "http_" + status / 100 + "xx";
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
    DNS_NOT_FOUND,
    DNS_FAILURE,
    CONNECT_TIMEOUT,
    CONNECTION_REFUSED,
    CONNECTION_RESET,
    HOST_UNREACHABLE,
    TLS_UNTRUSTED,
    TLS_WRONG_HOST,
    TLS_EXPIRED,
    TLS_HANDSHAKE,
    TIMEOUT,
    PROTOCOL_ERROR,
    HEADERS_TOO_LARGE,
    OTHER;

    /** The receiver is too slow, rather than wrong. */
    public boolean slow() {
      return this == TIMEOUT || this == CONNECT_TIMEOUT;
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
    /** We cannot sign: the key does not open. */
    KEY_UNAVAILABLE(true),
    /** Our own connection pool or file descriptors are exhausted. */
    OVERLOADED(true),
    /** Our own resolver does not answer. */
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
