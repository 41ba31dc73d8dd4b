// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.payload.Content;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.template.TemplateFailedException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a receiver would get of an event, before there is either. */
@RestController
@Tag(name = "destinations")
class PreviewApi {

  private final SignatureSchemes schemes;

  PreviewApi(SignatureSchemes schemes) {
    this.schemes = schemes;
  }

  /**
   * What would be sent.
   *
   * @param contentType null where there is no body, or nobody knows
   * @param headers that tell of the event; those of signature and authentication are not shown
   */
  record Preview(String body, @Nullable String contentType, List<HttpHeader> headers) {}

  @Allow({TENANT_ADMIN, OPERATOR})
  @PostMapping(
      path = "/api/v1/integrations/destinations/preview",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "previewDestination",
      summary = "Show what a receiver would get",
      description =
          "Nothing is sent or stored. All fields may be left out: `payload_format`, `template`,"
              + " `http_method` and `headers` are those of a destination, `event` has attributes of"
              + " the event, `data` is its data. A template can name `event` (the attributes),"
              + " `data` and `delivery.id`; one that fails is a 400 that names its line.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content =
                  @io.swagger.v3.oas.annotations.media.Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(ref = "PreviewRequest"))))
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content =
          @io.swagger.v3.oas.annotations.media.Content(
              mediaType = "application/json",
              schema = @Schema(ref = "Preview")))
  Mono<Preview> preview(@AuthenticationPrincipal Caller caller, @RequestBody byte[] body) {
    PreviewRequest request = PreviewRequest.read(body, caller.tenant(), schemes);
    return Mono.fromCallable(() -> shown(request)).subscribeOn(Schedulers.boundedElastic());
  }

  private static Preview shown(PreviewRequest request) {
    try {
      Content content = request.event().in(request.settings(), request.scheme());
      return new Preview(
          new String(content.body(), UTF_8),
          request.contentType(content.type()),
          content.attributes().stream()
              .map(header -> new HttpHeader(header.name(), header.value()))
              .toList());
    } catch (TemplateFailedException e) {
      throw Problem.invalid("template", "template fails: " + e.getMessage());
    }
  }
}
