// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.server.ServerWebExchange;

/** The answers other than success, as the OpenAPI document lists them for each call. */
final class DescribedProblems {

  private static final Map<String, String> MEANINGS =
      new TreeMap<>(
          Map.of(
              "400", "Something is wrong with the input; `errors` names all of it",
              "401", "There is no bearer token, or it is not valid",
              "403", "The caller's role does not allow this",
              "404", "There is nothing of this id in the caller's tenant",
              "410", "The payload is past retention",
              "412", "The resource is no longer the one of `If-Match`",
              "413", "The body, or an event's data, is too large",
              "415", "The content type is none that this call takes",
              "503", "Kafka, PostgreSQL or the issuer is away; see `Retry-After`"));

  private DescribedProblems() {}

  /** The schema of a problem and one response for each status. */
  static Components addTo(Components components) {
    Schema<?> violation =
        new ObjectSchema()
            .addProperty("field", new StringSchema())
            .addProperty("message", new StringSchema());
    Schema<?> problem =
        new ObjectSchema()
            .description("RFC 9457")
            .addProperty("type", new StringSchema())
            .addProperty("title", new StringSchema())
            .addProperty("status", new IntegerSchema())
            .addProperty("detail", new StringSchema())
            .addProperty("instance", new StringSchema())
            .addProperty("errors", new ArraySchema().items(violation));
    components.addSchemas("Problem", problem);
    MEANINGS.forEach((status, meaning) -> components.addResponses(status, response(meaning)));
    return components;
  }

  private static ApiResponse response(String meaning) {
    MediaType problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
    return new ApiResponse()
        .description(meaning)
        .content(new Content().addMediaType("application/problem+json", problem));
  }

  /** Adds to one call what it may answer, which its signature tells. */
  static Operation addTo(Operation operation, HandlerMethod handler) {
    MEANINGS.keySet().stream()
        .filter(status -> mayAnswer(status, operation, handler))
        .forEach(
            status ->
                operation
                    .getResponses()
                    .addApiResponse(
                        status, new ApiResponse().$ref("#/components/responses/" + status)));
    return operation;
  }

  private static boolean mayAnswer(String status, Operation operation, HandlerMethod handler) {
    boolean takesBody = operation.getRequestBody() != null;
    boolean ofOne = has(operation, "path");
    return switch (status) {
      case "400" -> takesBody || has(operation, "query");
      case "404" -> ofOne;
      case "410" -> ofOne && "EventsApi".equals(handler.getBeanType().getSimpleName());
      case "412" -> ofOne && changes(handler);
      case "413", "415" -> takesBody;
      default -> true;
    };
  }

  private static boolean has(Operation operation, String place) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(each -> place.equals(each.getIn()));
  }

  /** Whoever changes a resource reads {@code If-Match} from the exchange. */
  private static boolean changes(HandlerMethod handler) {
    return Stream.of(handler.getMethodParameters())
        .anyMatch(each -> each.getParameterType() == ServerWebExchange.class);
  }
}
