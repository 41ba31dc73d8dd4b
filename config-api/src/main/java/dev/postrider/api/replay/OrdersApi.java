// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.audit.AuditTrail;
import dev.postrider.api.delivery.DeliveryAnswers;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.delivery.DeliveryId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Orders about one delivery: {@code /api/v1/integrations/deliveries/{id}/…}. */
@RestController
@RequestMapping(
    path = "/api/v1/integrations/deliveries/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "deliveries")
class OrdersApi {

  private final Orders orders;
  private final DeliveryAnswers deliveries;

  OrdersApi(Orders orders, DeliveryAnswers deliveries) {
    this.orders = orders;
    this.deliveries = deliveries;
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping("/retry")
  @Operation(
      operationId = "retryDelivery",
      summary = "Attempt a delivery at once",
      description =
          "Whatever its state. What is left of its retry schedule stays: should the attempt fail,"
              + " the next one comes as if this one had been made in time; one that had failed for"
              + " good has one attempt. In an order it goes when it is its turn.")
  @ApiResponse(
      responseCode = "200",
      description = "Ordered: the worker has it",
      content = @Content(schema = @Schema(ref = "Delivery")))
  @ApiResponse(responseCode = "409", ref = "409")
  @ApiResponse(responseCode = "410", ref = "410")
  Mono<ObjectNode> retry(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    Orders.Subject subject = subject(caller, id, exchange);
    return orders.retry(subject).then(answer(caller, subject));
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping("/cancel")
  @Operation(
      operationId = "cancelDelivery",
      summary = "Cancel a delivery that waits",
      description =
          "No further attempt is begun, but for one that stands first in line. One that is under way is"
              + " not called back; should it be accepted, the delivery is delivered.")
  @ApiResponse(
      responseCode = "200",
      description = "Cancelled",
      content = @Content(schema = @Schema(ref = "Delivery")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ObjectNode> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    Orders.Subject subject = subject(caller, id, exchange);
    return orders.cancel(subject).then(answer(caller, subject));
  }

  private Mono<ObjectNode> answer(Caller caller, Orders.Subject subject) {
    return Mono.defer(() -> deliveries.get(caller, subject.delivery()));
  }

  private static Orders.Subject subject(Caller caller, String id, ServerWebExchange exchange) {
    AuditTrail.Author author = AuditTrail.Author.of(caller, exchange);
    return new Orders.Subject(caller.tenant(), author, Problem.orNotFound(DeliveryId::parse, id));
  }
}
