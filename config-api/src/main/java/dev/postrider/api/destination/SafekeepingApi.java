// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.destination.StoredDestination.Safekeeping;
import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violations;
import dev.postrider.api.settings.SettingsReader;
import dev.postrider.model.destination.DestinationId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** What a destination keeps beside its settings: signing keys and trusted certificates. */
@RestController
@RequestMapping(
    path = "/api/v1/integrations/destinations/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "destinations")
class SafekeepingApi {

  private static final String PEM = "application/x-pem-file";
  private static final int DAY = 86_400;
  private static final int WEEK = 7 * DAY;

  private final DestinationChanges changes;
  private final SettingsReader reader;

  SafekeepingApi(DestinationChanges changes, SettingsReader reader) {
    this.changes = changes;
    this.reader = reader;
  }

  @Allow(TENANT_ADMIN)
  @PostMapping(path = "/secret/rotate", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "rotateSecret",
      summary = "Make a new signing key",
      description =
          "The answer is the only one that shows it, as `signing.secret`. For `overlap_seconds`"
              + " (86400 unless given, at most 604800) requests carry a signature of the key before"
              + " it as well, where the scheme has room for two.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @Content(
                      mediaType = "application/json",
                      schema = @Schema(ref = "SecretRotation"))))
  @AnswersDestination
  @ApiResponse(responseCode = "409", ref = "409")
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> rotate(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody(required = false) byte @Nullable [] body,
      ServerWebExchange exchange) {
    Duration overlap = overlap(body);
    return changes
        .rotate(DestinationsApi.order(caller, exchange), parsed(id), this::unchanged, overlap)
        .map(DestinationsApi::answer);
  }

  private static Duration overlap(byte @Nullable [] body) {
    Violations violations = new Violations();
    Fields fields = Fields.of(JsonBody.objectOrEmpty(body), violations);
    Integer seconds = fields.whole("overlap_seconds", DAY, 0, WEEK);
    fields.refuseUnknown();
    violations.refuse();
    return Duration.ofSeconds(seconds == null ? DAY : seconds);
  }

  @Allow(TENANT_ADMIN)
  @PostMapping("/secret/expire-previous")
  @Operation(
      operationId = "expirePreviousSecrets",
      summary = "Let only the newest signing key sign, from now on")
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> expirePrevious(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return keep(
        caller,
        id,
        exchange,
        "previous_secrets_expired",
        before -> before.kept().with(SigningKeys.currentOnly(before.keys())));
  }

  @Allow(TENANT_ADMIN)
  @PutMapping(
      path = "/certificate",
      consumes = {PEM, MediaType.APPLICATION_JSON_VALUE})
  @Operation(
      operationId = "trustCertificates",
      summary = "Trust certificates",
      description =
          "X.509 certificates in PEM, at most 64 KiB, trusted beside the usual ones for the"
              + " endpoint and the token URL of this destination, and for no other.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = {
                @Content(mediaType = PEM, schema = @Schema(ref = "Pem")),
                @Content(
                    mediaType = "application/json",
                    schema = @Schema(ref = "CertificateSettings"))
              }))
  @AnswersDestination
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<ObjectNode>> trust(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      @RequestBody(required = false) byte @Nullable [] body,
      ServerWebExchange exchange) {
    String anchors = TrustAnchors.read(body == null ? new byte[0] : body);
    return keep(
        caller, id, exchange, "certificate_trusted", before -> before.kept().trusting(anchors));
  }

  @Allow(TENANT_ADMIN)
  @DeleteMapping(path = "/certificate", produces = MediaType.ALL_VALUE)
  @Operation(operationId = "deleteCertificates", summary = "Trust the usual certificates only")
  @ApiResponse(responseCode = "204", description = "Removed")
  @ApiResponse(responseCode = "412", ref = "412")
  Mono<ResponseEntity<Void>> distrust(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, ServerWebExchange exchange) {
    return keep(caller, id, exchange, "certificate_removed", before -> before.kept().trusting(null))
        .thenReturn(ResponseEntity.noContent().build());
  }

  private interface Kept {
    Safekeeping after(StoredDestination before);
  }

  private Mono<ResponseEntity<ObjectNode>> keep(
      Caller caller, String id, ServerWebExchange exchange, String action, Kept kept) {
    return changes
        .revise(
            DestinationsApi.order(caller, exchange),
            parsed(id),
            action,
            this::unchanged,
            (_, before, _) -> kept.after(before))
        .map(DestinationsApi::answer);
  }

  private Mono<SettingsReader.Judged> unchanged(StoredDestination before) {
    return Mono.just(new SettingsReader.Judged(before.read(reader), before.statusReason()));
  }

  private static DestinationId parsed(String id) {
    return Problem.orNotFound(DestinationId::parse, id);
  }
}
