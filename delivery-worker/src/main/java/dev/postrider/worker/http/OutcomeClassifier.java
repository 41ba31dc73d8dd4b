// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static dev.postrider.model.delivery.Outcome.Cause.CONNECTION_REFUSED;
import static dev.postrider.model.delivery.Outcome.Cause.CONNECTION_RESET;
import static dev.postrider.model.delivery.Outcome.Cause.CONNECT_TIMEOUT;
import static dev.postrider.model.delivery.Outcome.Cause.DNS_FAILURE;
import static dev.postrider.model.delivery.Outcome.Cause.DNS_NOT_FOUND;
import static dev.postrider.model.delivery.Outcome.Cause.DNS_TIMEOUT;
import static dev.postrider.model.delivery.Outcome.Cause.HEADERS_TOO_LARGE;
import static dev.postrider.model.delivery.Outcome.Cause.HOST_UNREACHABLE;
import static dev.postrider.model.delivery.Outcome.Cause.NOT_TLS;
import static dev.postrider.model.delivery.Outcome.Cause.NO_HTTP1;
import static dev.postrider.model.delivery.Outcome.Cause.OTHER;
import static dev.postrider.model.delivery.Outcome.Cause.PROTOCOL_ERROR;
import static dev.postrider.model.delivery.Outcome.Cause.TIMEOUT;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_EXPIRED;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_HANDSHAKE;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_PROTOCOL;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_TIMEOUT;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_UNTRUSTED;
import static dev.postrider.model.delivery.Outcome.Cause.TLS_WRONG_HOST;
import static dev.postrider.model.delivery.Outcome.Why.OVERLOADED;
import static dev.postrider.model.delivery.Outcome.Why.PRIVATE_ADDRESS;
import static dev.postrider.model.delivery.Outcome.Why.RESOLVER_DOWN;

import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.egress.EgressRefusedException;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.NameUnansweredException;
import dev.postrider.model.egress.Response;
import dev.postrider.model.egress.TlsFault;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.resolver.dns.DnsErrorCauseException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Says what an answer or a fault of the network comes to. Decides nothing. */
final class OutcomeClassifier {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  /** Of this machine: no file descriptor, no local port. */
  private static final Pattern EXHAUSTED =
      Pattern.compile("Too many open files|Cannot assign requested address");

  private static final Pattern NO_ROUTE =
      Pattern.compile("Network is unreachable|No route to host");

  private static final Pattern INTERIM = Pattern.compile("interim responses");

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length|transfer-encoding");

  private OutcomeClassifier() {}

  static Outcome of(Response response, Instant now) {
    int status = response.status();
    if (status >= 200 && status < 300) {
      return new Outcome.Accepted(status);
    }
    boolean mayAskToWait = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
    return new Outcome.Rejected(
        status,
        response.headers().stream()
            .filter(header -> mayAskToWait && header.name().equalsIgnoreCase("Retry-After"))
            .map(Header::value)
            .flatMap(value -> RetryAfter.parse(value, now).stream())
            .findFirst()
            .orElse(null));
  }

  /** The order matters: the more exact type before the one it extends. */
  static Outcome of(Throwable fault) {
    if (exhausted(fault)) {
      return new Outcome.Refused(OVERLOADED);
    }
    return switch (fault) {
      case EgressRefusedException _ -> new Outcome.Refused(PRIVATE_ADDRESS);
      case PoolAcquireTimeoutException _, PoolAcquirePendingLimitException _ ->
          new Outcome.Refused(OVERLOADED);
      case TimeoutException _, ReadTimeoutException _ -> new Outcome.Unreachable(TIMEOUT);
      case NameUnansweredException silence -> ofSilence(silence);
      case UnknownHostException unknown -> new Outcome.Unreachable(ofDns(unknown));
      case ConnectTimeoutException _ -> new Outcome.Unreachable(CONNECT_TIMEOUT);
      case NoRouteToHostException _ -> new Outcome.Unreachable(HOST_UNREACHABLE);
      case ConnectException _ -> new Outcome.Unreachable(CONNECTION_REFUSED);
      case SslHandshakeTimeoutException _ -> new Outcome.Unreachable(TLS_TIMEOUT);
      case NotSslRecordException _ -> new Outcome.Unreachable(NOT_TLS);
      case SSLException tls -> new Outcome.Unreachable(ofTls(tls));
      case TooLongHttpHeaderException _, TooLongHttpLineException _ ->
          new Outcome.Unreachable(HEADERS_TOO_LARGE);
      case PrematureCloseException _, AbortedException _ ->
          new Outcome.Unreachable(CONNECTION_RESET);
      case DecoderException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case DecoderException _, IllegalArgumentException _ ->
          new Outcome.Unreachable(PROTOCOL_ERROR);
      case IOException _ ->
          new Outcome.Unreachable(mentions(fault, NO_ROUTE) ? HOST_UNREACHABLE : CONNECTION_RESET);
      default -> new Outcome.Unreachable(OTHER);
    };
  }

  /**
   * What is wrong, where a cause is many things: {@link Outcome.Cause#PROTOCOL_ERROR} and {@link
   * Outcome.Cause#TLS_HANDSHAKE}; null for all others. Never quotes the receiver, who may have
   * repeated our secrets.
   */
  static @Nullable String flaw(Outcome outcome, Throwable fault) {
    return outcome instanceof Outcome.Unreachable(Outcome.Cause cause)
        ? switch (cause) {
          case PROTOCOL_ERROR -> flawOfAnswer(fault);
          case TLS_HANDSHAKE -> flawOfHandshake(fault);
          default -> null;
        }
        : null;
  }

  private static String flawOfAnswer(Throwable fault) {
    if (mentions(fault, INTERIM)) {
      return "interim responses (1xx) without end";
    }
    return mentions(fault, LENGTH)
        ? "its headers say two things about where its body ends"
        : "it does not begin as one does; check the port";
  }

  private static String flawOfHandshake(Throwable fault) {
    return anyCause(fault, OutcomeClassifier::isAboutOurCertificate)
        ? "the receiver asks for a client certificate, or does not take the one that it was shown"
        : "no cipher in common, or a client certificate is asked for";
  }

  private static boolean isAboutOurCertificate(Throwable cause) {
    return cause instanceof SSLException tls && TlsFault.of(tls) == TlsFault.CLIENT_CERTIFICATE;
  }

  private static Outcome ofSilence(NameUnansweredException silence) {
    return silence.resolverDown()
        ? new Outcome.Refused(RESOLVER_DOWN)
        : new Outcome.Unreachable(DNS_TIMEOUT);
  }

  /** Whatever was behind it but NXDOMAIN, the name may well exist. */
  private static Outcome.Cause ofDns(UnknownHostException unknown) {
    Throwable behind = unknown.getCause();
    boolean notFound =
        behind == null
            || (behind instanceof DnsErrorCauseException error
                && error.getCode().intValue() == DnsResponseCode.NXDOMAIN.intValue());
    return notFound ? DNS_NOT_FOUND : DNS_FAILURE;
  }

  private static Outcome.Cause ofTls(SSLException tls) {
    return switch (TlsFault.of(tls)) {
      case WRONG_HOST -> TLS_WRONG_HOST;
      case EXPIRED -> TLS_EXPIRED;
      case UNTRUSTED -> TLS_UNTRUSTED;
      case PROTOCOL -> TLS_PROTOCOL;
      case NO_HTTP1 -> NO_HTTP1;
      case CLIENT_CERTIFICATE, HANDSHAKE -> TLS_HANDSHAKE;
    };
  }

  /** Of the network only: what a receiver wrote may be quoted in other faults. */
  private static boolean exhausted(Throwable fault) {
    return anyCause(fault, cause -> cause instanceof IOException && says(cause, EXHAUSTED));
  }

  private static boolean mentions(Throwable fault, Pattern words) {
    return anyCause(fault, cause -> says(cause, words));
  }

  private static boolean says(Throwable cause, Pattern words) {
    return cause.getMessage() != null && words.matcher(cause.getMessage()).find();
  }

  private static boolean anyCause(Throwable fault, Predicate<Throwable> is) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (is.test(cause)) {
        return true;
      }
    }
    return false;
  }
}
