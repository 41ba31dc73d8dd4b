// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import io.r2dbc.spi.Readable;
import java.util.Optional;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Seals anew what has been granted. */
@Component
public final class GrantSeal {

  private static final String SEALED =
      """
      select access_token, refresh_token, client_key from oauth_grants
      where tenant = :tenant and destination_id = :id for update
      """;

  private static final String ANEW =
      """
      update oauth_grants
      set access_token = :access_token, refresh_token = :refresh_token, client_key = :client_key
      where tenant = :tenant and destination_id = :id
      """;

  private final SecretBox box;

  GrantSeal(SecretBox box) {
    this.box = box;
  }

  /**
   * Seals with the primary key what older ones have sealed, inside the running transaction of the
   * tenant. It is no other version: whoever is out for a token may store it all the same.
   */
  public Mono<Void> anew(DatabaseClient database, TenantId tenant, DestinationId id) {
    return bound(database, SEALED, tenant, id)
        .map(row -> anew(row, bound(database, ANEW, tenant, id), tenant, id))
        .one()
        .flatMap(GenericExecuteSpec::then);
  }

  private GenericExecuteSpec anew(
      Readable row, GenericExecuteSpec update, TenantId tenant, DestinationId id) {
    GenericExecuteSpec bound = update;
    bound = anew(row, bound, "access_token", Tokens.accessPlace(tenant, id));
    bound = anew(row, bound, "refresh_token", Tokens.refreshPlace(tenant, id));
    return anew(row, bound, "client_key", ClientKeys.place(tenant, id));
  }

  private GenericExecuteSpec anew(
      Readable row, GenericExecuteSpec update, String column, SecretPlace place) {
    return Optional.ofNullable(row.get(column, String.class))
        .map(text -> box.anew(new Sealed(text), place).base64())
        .map(text -> update.bind(column, text))
        .orElseGet(() -> update.bindNull(column, String.class));
  }

  private static GenericExecuteSpec bound(
      DatabaseClient database, String sql, TenantId tenant, DestinationId id) {
    return database.sql(sql).bind("tenant", tenant.value()).bind("id", id.uuid());
  }
}
