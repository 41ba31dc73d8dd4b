// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static dev.postrider.api.access.Role.AUDITOR;
import static dev.postrider.api.access.Role.TENANT_ADMIN;

import dev.postrider.api.access.Allow;
import dev.postrider.api.access.Caller;
import dev.postrider.api.listing.Condition;
import dev.postrider.api.listing.Cursor;
import dev.postrider.api.listing.Page;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.InternetTime;
import io.r2dbc.spi.Readable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Who changed what: {@code /api/v1/audit}. */
@RestController
@RequestMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "audit", description = "Who changed what")
class AuditApi {

  private final TenantTransactions transactions;
  private final JsonMapper json;

  AuditApi(TenantTransactions transactions, JsonMapper json) {
    this.transactions = transactions;
    this.json = json;
  }

  private record Row(AuditEntry entry, AuditAnswer answer) {

    Cursor place() {
      return new Cursor(entry.at(), entry.id());
    }
  }

  @Allow({TENANT_ADMIN, AUDITOR})
  @GetMapping
  @Operation(
      operationId = "listAudit",
      summary = "Who changed what",
      description =
          "Newest first; all that are given must match. Each change of configuration and each order"
              + " has an entry: `actor` is a `user`, an `api_key` or the `system`, `changes` names"
              + " each field with its value before and after, and secrets by their last four"
              + " characters at most. `hash` is keyed and covers the entry with the `sequence`"
              + " before it, so that an operator can show that none was altered or left out; an"
              + " entry from before there were hashes has neither.")
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(ref = "AuditPage")))
  @Parameter(name = "resource", in = ParameterIn.QUERY)
  @Parameter(name = "resource_id", in = ParameterIn.QUERY)
  @Parameter(name = "actor", in = ParameterIn.QUERY)
  @Parameter(name = "action", in = ParameterIn.QUERY)
  @Parameter(name = "since", in = ParameterIn.QUERY)
  @Parameter(name = "until", in = ParameterIn.QUERY)
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @Parameter(name = "cursor", in = ParameterIn.QUERY)
  Mono<Page<AuditAnswer>> list(
      @AuthenticationPrincipal Caller caller,
      @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> query) {
    Condition.Reading reading = new Condition.Reading(query);
    Page.Wanted page = reading.page();
    List<Condition> conditions = conditions(reading);
    return transactions
        .within(caller.tenant(), database -> read(database, caller, conditions, page))
        .map(found -> page.of(found, Row::place, Row::answer));
  }

  static List<Condition> conditions(Condition.Reading reading) {
    reading.take("resource", "resource_type = :resource", text -> text);
    reading.take("resource_id", text -> text);
    reading.take("actor", "actor_id = :actor", text -> text);
    reading.take("action", text -> text);
    reading.take("since", "at >= :since", InternetTime::parse);
    reading.take("until", "at < :until", InternetTime::parse);
    return reading.conditions();
  }

  private Mono<List<Row>> read(
      DatabaseClient database, Caller caller, List<Condition> conditions, Page.Wanted page) {
    GenericExecuteSpec query =
        database
            .sql(
                AuditEntry.COLUMNS
                    + " where tenant = :tenant"
                    + Condition.sql(conditions)
                    + Condition.behind(page.after(), "at")
                    + " order by at desc, id desc limit :limit")
            .bind("tenant", caller.tenant().value())
            .bind("limit", page.found());
    query = Condition.bind(Condition.bind(query, conditions), page.after());
    return query.map(this::row).all().collectList();
  }

  private Row row(Readable row) {
    AuditEntry entry = AuditEntry.read(row);
    return new Row(entry, AuditAnswer.of(entry, row.get("hash", String.class), json));
  }
}
