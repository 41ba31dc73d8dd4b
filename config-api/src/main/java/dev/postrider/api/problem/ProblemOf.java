// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import io.netty.channel.ChannelException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Which problem an exception is. */
final class ProblemOf {

  private ProblemOf() {}

  static Problem noToken() {
    return Problem.of(HttpStatus.UNAUTHORIZED, "a bearer token is required");
  }

  static Problem invalidToken() {
    return Problem.of(HttpStatus.UNAUTHORIZED, "the bearer token is not valid, or no longer");
  }

  static Problem rejected() {
    return Problem.invalid(
        "", "the method, or a character in the path or a header, is not accepted");
  }

  static Problem thrown(Throwable thrown) {
    return switch (thrown) {
      case Problem problem -> problem;
      case AccessDeniedException _ ->
          Problem.of(HttpStatus.FORBIDDEN, "your role does not allow this");
      case JwtDecoderInitializationException e -> issuerAway(e);
      case AuthenticationServiceException e -> issuerAway(e);
      case ResponseStatusException e -> status(e).with(e.getHeaders());
      case DataBufferLimitException _ -> tooLarge();
      case ChannelException _ ->
          Problem.of(HttpStatus.REQUEST_TIMEOUT, "the body did not come within ten seconds");
      case Throwable e when postgresIsAway(e) ->
          Problem.unavailable("PostgreSQL is away; try again in a moment", e);
      default ->
          Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "something of ours failed; it is logged");
    };
  }

  private static Problem issuerAway(Throwable cause) {
    return Problem.unavailable("the token issuer is away; try again in a moment", cause);
  }

  private static Problem tooLarge() {
    return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "the body must have at most 1 MiB");
  }

  private static Problem status(ResponseStatusException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof DataBufferLimitException) {
        return tooLarge();
      }
    }
    HttpStatus status = HttpStatus.valueOf(e.getStatusCode().value());
    return switch (e) {
      case MethodNotAllowedException not ->
          Problem.of(status, "the method %s does not exist here".formatted(not.getHttpMethod()));
      case UnsupportedMediaTypeStatusException not ->
          Problem.of(
              status,
              "the content type must be one of %s: was %s"
                  .formatted(
                      not.getSupportedMediaTypes(),
                      Objects.requireNonNullElse(not.getContentType(), "absent")));
      case NotAcceptableStatusException _ ->
          Problem.of(status, "the answer is application/json, which Accept does not allow");
      case ServerWebInputException _ -> JsonBody.malformed("there is none");
      default -> Problem.of(status, status == HttpStatus.NOT_FOUND ? "there is no such path" : "");
    };
  }

  /** Also when Spring has wrapped it: the cause says what happened. */
  static boolean postgresIsAway(Throwable thrown) {
    return switch (thrown) {
      case CannotCreateTransactionException _ -> true;
      case NonTransientDataAccessResourceException _ -> true;
      case TransientDataAccessResourceException _ -> true;
      case QueryTimeoutException _ -> true;
      case R2dbcNonTransientResourceException _ -> true;
      case R2dbcTransientResourceException _ -> true;
      case R2dbcTimeoutException _ -> true;
      case R2dbcException e when e.getSqlState() != null && e.getSqlState().startsWith("57P") ->
          true;
      case TimeoutException _ -> true;
      default -> false;
    };
  }
}
