// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.destination.ProbedDestinations;
import dev.postrider.api.destination.ProbedDestinations.Probed;
import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Sends to a destination what somebody waits to see the answer of. */
@RestController
@RequestMapping(
    path = "/api/v1/integrations/destinations/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "destinations")
class ProbesApi {

  private static final String VERIFY = "postrider.verify";
  private static final String TEST = "postrider.test";
  private static final String NO_SAMPLE = "{}";

  private final ProbedDestinations destinations;
  private final ProbeCalls calls;
  private final ProbeEvents events;

  ProbesApi(ProbedDestinations destinations, ProbeCalls calls, ProbeEvents events) {
    this.destinations = destinations;
    this.calls = calls;
    this.events = events;
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping("/verify")
  @Operation(
      operationId = "verifyDestination",
      summary = "Send `content_sample` for real",
      description =
          "Exactly those bytes (`{}` where there are none), with the destination's method, headers,"
              + " authentication and signature, whether it is enabled or not. The answer comes"
              + " within 15 s and says what happened; nothing is retried, recorded or counted.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "ProbeResult")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ProbeResult> verify(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
    return find(caller, id)
        .flatMap(
            probed -> {
              String sample = probed.sample() == null ? NO_SAMPLE : probed.sample();
              Destination raw =
                  probed.destination().with(probed.destination().request().unchanged());
              return calls.send(raw, events.event(caller.tenant(), VERIFY, type(sample), sample));
            })
        .map(ProbeResult::of);
  }

  /** JSON is told by how it begins, as a receiver would. */
  private static String type(String sample) {
    String text = sample.strip();
    return text.startsWith("{") || text.startsWith("[") ? "application/json" : "text/plain";
  }

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping(path = "/test", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "testDestination",
      summary = "Send a synthetic event",
      description =
          "As an event of `event_type` (`postrider.test` unless given) would be sent, in the"
              + " destination's format; otherwise as verify.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = "application/json", schema = @Schema(ref = "TestRequest"))))
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "ProbeResult")))
  @ApiResponse(responseCode = "409", ref = "409")
  Mono<ProbeResult> test(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody(required = false) byte @Nullable [] body) {
    String type = eventType(body);
    return find(caller, id)
        .flatMap(
            probed ->
                calls.send(
                    probed.destination(),
                    events.event(caller.tenant(), type, "application/json", events.sample(type))))
        .map(ProbeResult::of);
  }

  private static String eventType(byte @Nullable [] body) {
    Violations violations = new Violations();
    Fields fields = Fields.of(JsonBody.objectOrEmpty(body), violations);
    String type = fields.text("event_type", TEST);
    if (type == null || !EventType.allows(type)) {
      fields.refuse("event_type", "must be an event type, such as incident.triggered");
    }
    fields.refuseUnknown();
    violations.refuse();
    return type == null ? TEST : type;
  }

  private Mono<Probed> find(Caller caller, String id) {
    return destinations
        .find(caller.tenant(), Problem.orNotFound(DestinationId::parse, id))
        .doOnNext(probed -> refuseUnauthorized(probed.destination()));
  }

  private static void refuseUnauthorized(Destination destination) {
    if (destination.authentication() instanceof Authentication.OAuth2(var token, _)
        && token == null) {
      throw Problem.of(
          HttpStatus.CONFLICT, "not authorized: there is no token yet; authorize it first");
    }
  }
}
