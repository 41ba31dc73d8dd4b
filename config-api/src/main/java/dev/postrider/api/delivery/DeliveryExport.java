// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.api.listing.Cursor;
import dev.postrider.api.listing.Page;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.event.TenantId;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All deliveries that a filter allows, as text that is written while it is read: page by page, so
 * that neither memory nor a transaction grows with their number.
 */
@Component
final class DeliveryExport {

  private static final int PAGE = 1_000;

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "event_id",
          "ce_id",
          "event_type",
          "destination_id",
          "state",
          "attempt_count",
          "next_attempt_at",
          "last_http_status",
          "last_reason",
          "created_at",
          "updated_at");

  private final TenantTransactions transactions;
  private final Deliveries deliveries;

  DeliveryExport(TenantTransactions transactions, Deliveries deliveries) {
    this.transactions = transactions;
    this.deliveries = deliveries;
  }

  /** One JSON object a line. */
  Flux<String> ndjson(TenantId tenant, DeliveryFilter filter) {
    return all(tenant, filter).map(answer -> answer + "\n");
  }

  /**
   * A header line, then one line each; every cell is quoted, and none is a formula to a
   * spreadsheet.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc4180#section-2">RFC 4180 §2</a>
   */
  Flux<String> csv(TenantId tenant, DeliveryFilter filter) {
    return all(tenant, filter).map(DeliveryExport::line).startWith(line(COLUMNS));
  }

  private Flux<ObjectNode> all(TenantId tenant, DeliveryFilter filter) {
    return page(tenant, filter, null)
        .expand(
            rows ->
                rows.size() <= PAGE ? Mono.empty() : page(tenant, filter, rows.getLast().place()))
        .concatMapIterable(Function.identity(), 1)
        .map(Rows.DeliveryRow::answer);
  }

  private Mono<List<Rows.DeliveryRow>> page(
      TenantId tenant, DeliveryFilter filter, @Nullable Cursor after) {
    return transactions.within(
        tenant,
        database -> deliveries.list(database, tenant, filter, new Page.Wanted(PAGE, after)));
  }

  private static String line(ObjectNode answer) {
    return line(COLUMNS.stream().map(column -> text(answer.get(column))).toList());
  }

  private static String line(List<String> cells) {
    return cells.stream().map(DeliveryExport::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asString();
  }

  /** What a spreadsheet would take for a formula begins with an apostrophe (OWASP). */
  private static String cell(String text) {
    boolean formula = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }
}
