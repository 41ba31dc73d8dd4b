// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.PUBLISHER;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.delivery.DeliveryAnswers;
import dev.postrider.api.event.Publishing.Accepted;
import dev.postrider.api.limit.Bodies;
import dev.postrider.api.problem.Preconditions;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.EventId;
import dev.postrider.model.wire.ContentTypes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Publishing and reading events: {@code /api/v1/events}. */
@RestController
@RequestMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "events", description = "What happened on the platform")
class EventsApi {

  private final Publishing publishing;
  private final StoredEvents events;
  private final DeliveryAnswers deliveries;
  private final Bodies bodies;

  EventsApi(Publishing publishing, StoredEvents events, DeliveryAnswers deliveries, Bodies bodies) {
    this.publishing = publishing;
    this.events = events;
    this.deliveries = deliveries;
    this.bodies = bodies;
  }

  /** One item per event, in the order they were sent. */
  record Published(List<Accepted> items) {}

  @Allow({TENANT_ADMIN, PUBLISHER})
  @PostMapping
  @Operation(
      operationId = "publishEvents",
      summary = "Publish one event or a batch",
      description =
          "`application/json` takes `{type, data, source?, id?, time?, subject?, partitionkey?,"
              + " extensions?}`; CloudEvents 1.0 are taken structured"
              + " (`application/cloudevents+json`), in binary mode (`ce-*` headers) and in batches"
              + " (`application/cloudevents-batch+json`). Types that begin with `postrider.` are"
              + " Postrider's own and refused. Answers when Kafka has stored them.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "NewEvent")),
                @Content(mediaType = ContentTypes.CLOUDEVENT, schema = @Schema(ref = "CloudEvent")),
                @Content(
                    mediaType = ContentTypes.CLOUDEVENTS_BATCH,
                    schema = @Schema(ref = "CloudEventBatch"))
              }))
  @ApiResponse(
      responseCode = "202",
      description = "Stored",
      content = @Content(schema = @Schema(ref = "PublishedEvents")))
  @ApiResponse(responseCode = "415", ref = "415")
  @ApiResponse(responseCode = "422", ref = "422")
  @Parameter(name = IdempotencyKey.HEADER, in = ParameterIn.HEADER)
  Mono<ResponseEntity<Published>> publish(
      @AuthenticationPrincipal Caller caller,
      @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
      @RequestBody(required = false) Mono<byte[]> body) {
    return body.defaultIfEmpty(new byte[0])
        .flatMap(bytes -> publish(caller, headers, bytes))
        .map(items -> ResponseEntity.accepted().body(new Published(items)));
  }

  private Mono<List<Accepted>> publish(Caller caller, HttpHeaders headers, byte[] body) {
    return publishing.publish(
        caller,
        EventRequest.read(headers, body),
        headers.getFirst("traceparent"),
        IdempotencyKey.of(caller.tenant(), headers, body));
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping("/{id}")
  @Operation(
      operationId = "getEvent",
      summary = "Get an event with its payload and deliveries",
      description =
          "410 when the payload is past retention. Auditors see no payload, and nobody does"
              + " once the tenant's `payloads_readable_seconds` are over.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      headers = @Header(name = HttpHeaders.ETAG, ref = HttpHeaders.ETAG),
      content = @Content(schema = @Schema(ref = "Event")))
  @ApiResponse(responseCode = "410", ref = "410")
  Mono<ResponseEntity<ObjectNode>> get(
      @AuthenticationPrincipal Caller caller, @PathVariable String id) {
    EventId wanted = Problem.orNotFound(EventId::parse, id);
    return Mono.zip(events.read(caller.tenant(), wanted), bodies.shownTo(caller))
        .zipWhen(
            _ -> deliveries.of(caller.tenant(), wanted),
            (found, its) -> EventAnswer.of(found.getT1(), its, found.getT2().test(wanted.time())))
        .map(Preconditions::tagged);
  }
}
