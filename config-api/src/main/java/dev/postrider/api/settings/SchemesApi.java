// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.model.signature.SignatureSchemes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The signature schemes that {@code signing.scheme} can name. */
@RestController
@Tag(name = "destinations")
class SchemesApi {

  private final SignatureSchemes schemes;

  SchemesApi(SignatureSchemes schemes) {
    this.schemes = schemes;
  }

  /** All of them, in the order in which they are offered. */
  record Catalogue(List<ObjectNode> items) {}

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/api/v1/signing/schemes", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listSignatureSchemes",
      summary = "List signature schemes",
      description =
          "Each with what is signed and the headers that carry it; `custom` describes itself in"
              + " `signing.custom`.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "SignatureSchemeList")))
  Catalogue list() {
    return new Catalogue(schemes.all().stream().map(SigningSettings::described).toList());
  }
}
