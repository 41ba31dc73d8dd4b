// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.OPERATOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.delivery.Rows.DeliveryRow;
import dev.postrider.api.problem.Cursor;
import dev.postrider.api.tenant.TenantTransactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  /** A page of a list, newest first. */
  record ActivityPage(List<Activity> items, @Nullable String nextCursor) {}

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
  Mono<ActivityPage> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
    int size = Cursor.limit(query.getFirst("limit"));
    Cursor after = Cursor.parse(query.getFirst("cursor"));
    DeliveryFilter filter = DeliveryFilter.parsePlain(query);
    return transactions
        .within(
            caller.tenant(),
            database -> deliveries.troubled(database, caller.tenant(), filter, after, size + 1))
        .map(found -> page(found, size));
  }

  private static ActivityPage page(List<DeliveryRow> found, int size) {
    List<DeliveryRow> shown = found.size() > size ? found.subList(0, size) : found;
    DeliveryRow last = found.size() > size ? shown.getLast() : null;
    String next = last == null ? null : new Cursor(last.createdAt(), last.id()).toString();
    return new ActivityPage(shown.stream().map(row -> Activity.of(row.answer())).toList(), next);
  }
}
