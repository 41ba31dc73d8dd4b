// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Outcomes in words, for whoever configures a destination: what happened, and what to look at. */
final class Explanation {

  private Explanation() {}

  /** Null where there is nothing to explain. */
  static @Nullable String of(Attempt attempt) {
    return switch (attempt.outcome()) {
      case Outcome.Accepted _ -> null;
      case Outcome.Rejected(int status, Duration wait) ->
          "the receiver answered " + status + wish(wait) + ": " + hint(status);
      case Outcome.Unreachable(Outcome.Cause cause) -> of(cause) + more(attempt);
      case Outcome.Refused(Outcome.Why why) -> of(why) + more(attempt);
    };
  }

  /** Where no answer came, the worker may have said what is wrong in its place. */
  private static String more(Attempt attempt) {
    return attempt.responseExcerpt() == null ? "" : ": " + attempt.responseExcerpt();
  }

  private static String wish(@Nullable Duration wait) {
    return wait == null ? "" : " and asks to be left alone for " + wait.toSeconds() + " s";
  }

  private static String hint(int status) {
    return switch (status) {
      case 300, 301, 302, 303, 307, 308 ->
          "redirects are not followed; configure the URL that it redirects to";
      case 400, 422 ->
          "it does not like the request; response_excerpt may say why, then see payload_format,"
              + " template and headers";
      case 401, 403 -> "check the authentication and what it is allowed to do";
      case 404 -> "check the path of the URL";
      case 405 -> "check http_method";
      case 410 -> "on a real delivery this would switch the destination off";
      case 413 -> "the body is too large for it";
      case 414 -> "the URL is too long for it";
      case 415 -> "check the content type and payload_format";
      case 429 -> "it takes fewer requests; set limits.requests_per_second";
      case 431 -> "the headers are too large for it";
      case 502, 504 -> "a proxy in front of it does not reach it";
      case 503 -> "it is down or overloaded for now";
      default -> status < 500 ? "only 2xx counts as taken" : "the fault is on its side";
    };
  }

  private static String of(Outcome.Cause cause) {
    return switch (cause) {
      case DNS_NOT_FOUND -> "the name in the URL does not exist or has no address";
      case DNS_FAILURE -> "the name servers of the URL's host answered that they cannot answer";
      case DNS_TIMEOUT -> "the name servers of the URL's host do not answer";
      case CONNECT_TIMEOUT ->
          "no connection came about in time: a firewall, or a host that is down";
      case CONNECTION_REFUSED -> "the connection was refused: nothing listens on that port";
      case CONNECTION_RESET -> "the receiver closed the connection before it had answered";
      case HOST_UNREACHABLE -> "there is no route to the receiver's address";
      case TLS_UNTRUSTED ->
          "nobody whom we trust vouches for the receiver's certificate: it is self-signed, or its"
              + " chain is incomplete; upload the certificate to trust";
      case TLS_WRONG_HOST -> "the receiver's certificate is for another name than the URL's";
      case TLS_EXPIRED -> "the receiver's certificate is not valid any more, or not yet";
      case TLS_PROTOCOL -> "the receiver speaks nothing newer than TLS 1.1";
      case TLS_TIMEOUT -> "the receiver did not finish the TLS handshake in time";
      case TLS_HANDSHAKE -> "the TLS handshake failed";
      case NOT_TLS -> "the receiver answers in plain text where TLS was spoken: check the port";
      case NO_HTTP1 -> "the receiver speaks HTTP/2 only; HTTP/1.1 is needed";
      case TIMEOUT ->
          "the request was sent, but no complete answer came within timeout_seconds, of which"
              + " verify and test wait 12 at most";
      case PROTOCOL_ERROR -> "what came is no HTTP/1.1 answer";
      case HEADERS_TOO_LARGE ->
          "the answer's headers are larger than 8 KiB, or its first line than 4";
      case OTHER -> "the request failed in a way that has no name";
    };
  }

  private static String of(Outcome.Why why) {
    return switch (why) {
      case PRIVATE_ADDRESS -> "endpoint_url must not target a private or reserved address";
      case URL_RULE -> "endpoint_url breaks a rule of today; save it again to see which";
      case TEMPLATE_FAILED -> "the template makes no body of this event (see the preview)";
      case KEY_UNAVAILABLE -> "a secret does not open with the worker's keyset; tell the operator";
      case OVERLOADED -> "the worker is short of connections; try again";
      case RESOLVER_DOWN -> "the worker's own name server does not answer; tell the operator";
      case INTERNAL -> "a defect of Postrider's; tell the operator";
    };
  }
}
