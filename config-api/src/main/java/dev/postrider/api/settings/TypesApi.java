// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
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

/** What a new destination can begin with. */
@RestController
@Tag(name = "destinations")
class TypesApi {

  private final Catalogue catalogue = new Catalogue(DestinationTypes.all());

  /** All of them, in the order in which they are offered. */
  record Catalogue(List<ObjectNode> items) {}

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping(path = "/api/v1/integrations/types", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "listDestinationTypes",
      summary = "List types of destinations",
      description =
          "Each with `defaults`, the settings to begin with, and `schema`, a JSON Schema (2020-12)"
              + " of the fields that matter for it. A destination does not keep its type.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "DestinationTypeList")))
  Catalogue list() {
    return catalogue;
  }
}
