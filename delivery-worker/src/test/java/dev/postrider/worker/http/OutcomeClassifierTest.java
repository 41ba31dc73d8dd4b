// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Outcome.Cause;
import dev.postrider.model.delivery.Outcome.Why;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.Response;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.channel.AbortedException;

class OutcomeClassifierTest {

  static Stream<Arguments> faults() {
    return Stream.of(
        unreachable(new TimeoutException(), Cause.TIMEOUT),
        unreachable(ReadTimeoutException.INSTANCE, Cause.TIMEOUT),
        unreachable(new ConnectTimeoutException("5 s"), Cause.CONNECT_TIMEOUT),
        unreachable(new ConnectException("refused"), Cause.CONNECTION_REFUSED),
        unreachable(new NoRouteToHostException(), Cause.HOST_UNREACHABLE),
        unreachable(new UnknownHostException("x"), Cause.DNS_NOT_FOUND),
        unreachable(new IOException("Connection reset by peer"), Cause.CONNECTION_RESET),
        unreachable(new AbortedException("closed before it was sent"), Cause.CONNECTION_RESET),
        unreachable(new NotSslRecordException(), Cause.NOT_TLS),
        unreachable(new TooLongHttpHeaderException(), Cause.HEADERS_TOO_LARGE),
        unreachable(
            new DecoderException(new TooLongHttpHeaderException()), Cause.HEADERS_TOO_LARGE),
        unreachable(new IllegalArgumentException("invalid version format"), Cause.PROTOCOL_ERROR),
        unreachable(tls("No subject alternative DNS name matching x"), Cause.TLS_WRONG_HOST),
        unreachable(tls("validity check failed"), Cause.TLS_EXPIRED),
        unreachable(tls("unable to find valid certification path"), Cause.TLS_UNTRUSTED),
        unreachable(new SSLHandshakeException("protocol_version"), Cause.TLS_PROTOCOL),
        unreachable(new SSLHandshakeException("no_application_protocol"), Cause.NO_HTTP1),
        unreachable(new SSLHandshakeException("handshake_failure"), Cause.TLS_HANDSHAKE),
        unreachable(
            new SSLHandshakeException(
                "(certificate_expired) Received fatal alert: certificate_expired"),
            Cause.TLS_HANDSHAKE),
        unreachable(new IOException("Network is unreachable"), Cause.HOST_UNREACHABLE),
        unreachable(
            new IllegalArgumentException("invalid version: Too many open files"),
            Cause.PROTOCOL_ERROR),
        unreachable(new IllegalStateException("a bug"), Cause.OTHER),
        Arguments.of(new IOException("Too many open files"), new Outcome.Refused(Why.OVERLOADED)),
        Arguments.of(
            new ConnectException("Cannot assign requested address"),
            new Outcome.Refused(Why.OVERLOADED)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesTheCauseOfAFault(Throwable fault, Outcome outcome) {
    assertThat(OutcomeClassifier.of(fault)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "200,accepted",
    "299,accepted",
    "304,rejected",
    "302,rejected",
    "410,rejected",
    "500,rejected",
    "101,rejected"
  })
  void takesOnlyTwoHundredsForAccepted(int status, String label) {
    assertThat(OutcomeClassifier.of(answer(status), NOON).label()).isEqualTo(label);
  }

  @Test
  void readsRetryAfterOfBusyReceiversOnly() {
    assertThat(OutcomeClassifier.of(answer(429, "3"), NOON))
        .isEqualTo(new Outcome.Rejected(429, Duration.ofSeconds(3)));
    assertThat(OutcomeClassifier.of(answer(503, "3"), NOON))
        .isEqualTo(new Outcome.Rejected(503, Duration.ofSeconds(3)));
    assertThat(OutcomeClassifier.of(answer(500, "3"), NOON))
        .isEqualTo(new Outcome.Rejected(500, null));
  }

  private static Response answer(int status, String... retryAfter) {
    List<Header> headers =
        Stream.of(retryAfter).map(value -> new Header("retry-after", value)).toList();
    return new Response(status, headers, new byte[0], false);
  }

  private static Arguments unreachable(Throwable fault, Cause cause) {
    return Arguments.of(fault, new Outcome.Unreachable(cause));
  }

  private static SSLHandshakeException tls(String message) {
    SSLHandshakeException fault = new SSLHandshakeException("handshake");
    fault.initCause(new CertificateException(message));
    return fault;
  }
}
