// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.delivery.Rows.DeliveryRow;
import dev.postrider.api.listing.Page;
import dev.postrider.api.tenant.TenantTransactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What did not go well, and why: {@code /api/v1/activity}. */
@RestController
@RequestMapping(path = "/api/v1/activity", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "activity", description = "What did not go well, and why")
class ActivityApi {

  private final TenantTransactions transactions;
  private final Deliveries deliveries;

  ActivityApi(TenantTransactions transactions, Deliveries deliveries) {
    this.transactions = transactions;
    this.deliveries = deliveries;
  }

  @Allow({TENANT_ADMIN, OPERATOR, AUDITOR})
  @GetMapping
  @Operation(
      operationId = "listActivity",
      summary = "What did not go well, and why",
      description =
          "Deliveries that were refused, have failed, are retried, were cancelled or wait for an"
              + " authorization; newest first, by the event's time. All that are given must match.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "ActivityPage")))
  @Parameter(name = "destination_id", in = ParameterIn.QUERY)
  @Parameter(name = "state", in = ParameterIn.QUERY)
  @Parameter(name = "event_type", in = ParameterIn.QUERY)
  @Parameter(name = "event_id", in = ParameterIn.QUERY)
  @Parameter(name = "http_status", in = ParameterIn.QUERY)
  @Parameter(name = "since", in = ParameterIn.QUERY)
  @Parameter(name = "until", in = ParameterIn.QUERY)
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @Parameter(name = "cursor", in = ParameterIn.QUERY)
  Mono<Page<Activity>> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
    DeliveryFilter filter = DeliveryFilter.parsePlain(query);
    Page.Wanted page = filter.page();
    return transactions
        .within(
            caller.tenant(),
            database -> deliveries.troubled(database, caller.tenant(), filter, page))
        .map(found -> page.of(found, DeliveryRow::place, row -> Activity.of(row.answer())));
  }
}
