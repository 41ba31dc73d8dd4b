// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violation;
import dev.postrider.api.settings.Settings;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.wire.CloudEventJson;
import dev.postrider.model.wire.FilterSubject;
import dev.postrider.model.wire.MalformedJsonException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Whether a destination would get an event, and if not, why. */
@RestController
@Tag(name = "destinations")
class MatchApi {

  private final TenantTransactions transactions;
  private final Destinations destinations;
  private final SettingsReader reader;
  private final Clock clock;

  MatchApi(
      TenantTransactions transactions,
      Destinations destinations,
      SettingsReader reader,
      Clock clock) {
    this.transactions = transactions;
    this.destinations = destinations;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * The judgement.
   *
   * @param objections what keeps the event from the destination; none when it matches
   */
  record Match(boolean matches, List<String> objections) {}

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @PostMapping(
      path = "/api/v1/integrations/destinations/{id}/match",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "matchEvent",
      summary = "Ask whether an event would be sent",
      description =
          "Judges an event by status, `event_types` and `filters`, without sending anything, and"
              + " says what is in its way. The event is a CloudEvent; only `type` is required.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(mediaType = "application/json", schema = @Schema(ref = "MatchRequest"))))
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "Match")))
  Mono<Match> match(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, @RequestBody byte[] body) {
    PlatformEvent event = event(caller, body);
    DestinationId wanted = Problem.orNotFound(DestinationId::parse, id);
    return transactions
        .within(caller.tenant(), database -> destinations.get(database, caller.tenant(), wanted))
        .map(stored -> match(stored, stored.read(reader), event));
  }

  private PlatformEvent event(Caller caller, byte[] body) {
    JsonBody.object(body);
    EventDraft draft = draft(body).with("tenantid", caller.tenant().value());
    for (Map.Entry<String, String> usual :
        Map.of("specversion", "1.0", "id", UUID.randomUUID().toString(), "source", "/")
            .entrySet()) {
      if (!draft.attributes().containsKey(usual.getKey())) {
        draft = draft.with(usual.getKey(), usual.getValue());
      }
    }
    List<Violation> violations =
        draft.violations().entrySet().stream()
            .map(broken -> new Violation(broken.getKey(), broken.getValue()))
            .toList();
    if (!violations.isEmpty()) {
      throw Problem.invalid(violations.getFirst().message(), violations);
    }
    return draft.at(new EventId(clock.instant(), 0, 0));
  }

  private static EventDraft draft(byte[] body) {
    try {
      return CloudEventJson.read(body);
    } catch (MalformedJsonException e) {
      throw JsonBody.malformed(e.member(), String.valueOf(e.getMessage()));
    }
  }

  private static Match match(StoredDestination stored, Settings settings, PlatformEvent event) {
    List<String> objections = new ArrayList<>();
    if (!stored.active()) {
      objections.add("the destination is " + stored.status().name().toLowerCase(Locale.ROOT));
    }
    if (settings.eventTypes().stream().noneMatch(types -> types.matches(event.type()))) {
      objections.add("event_types: none of %s fits".formatted(settings.eventTypes()));
    }
    EventFilter.Subject subject = new FilterSubject(event);
    for (int i = 0; i < settings.filters().size(); i++) {
      String place = "filters[" + i + "]: ";
      settings
          .filters()
          .get(i)
          .objection(subject)
          .ifPresent(objection -> objections.add(place + objection));
    }
    return new Match(objections.isEmpty(), objections);
  }
}
