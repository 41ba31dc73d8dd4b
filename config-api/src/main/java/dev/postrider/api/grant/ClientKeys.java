// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.grant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.postrider.api.tenant.SystemTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import io.r2dbc.postgresql.codec.Json;
import java.text.ParseException;
import java.util.Objects;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Keys that we prove ourselves to issuers with, one for each destination. RS256, since that is the
 * algorithm that every issuer has to know (OpenID Connect Discovery §3).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-2.2">RFC 7523 §2.2</a>
 */
@Component
public final class ClientKeys {

  private static final int STRENGTH = 2048;

  private final SecretBox box;
  private final SystemTransactions transactions;

  ClientKeys(SecretBox box, SystemTransactions transactions) {
    this.box = box;
    this.transactions = transactions;
  }

  record Made(Sealed sealed, String publicJwk) {}

  /** Making one takes a while, and no thread that answers others may wait for it. */
  Mono<Made> made(TenantId tenant, DestinationId id) {
    return Mono.fromCallable(ClientKeys::generated)
        .subscribeOn(Schedulers.boundedElastic())
        .map(
            key ->
                new Made(
                    box.seal(Secret.of(key.toJSONString()), place(tenant, id)),
                    key.toPublicJWK().toJSONString()));
  }

  private static RSAKey generated() throws JOSEException {
    return new RSAKeyGenerator(STRENGTH)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.RS256)
        .keyIDFromThumbprint(true)
        .generate();
  }

  /** The key of that destination, whole. */
  public RSAKey open(Sealed sealed, TenantId tenant, DestinationId id) {
    try {
      return RSAKey.parse(box.open(sealed, place(tenant, id)).revealText());
    } catch (ParseException e) {
      throw new IllegalStateException("a key that was written can be read", e);
    }
  }

  static SecretPlace place(TenantId tenant, DestinationId id) {
    return new SecretPlace("oauth_grants", tenant.value(), id.toString(), "client_key");
  }

  /** The public half, a JSON Web Key; empty where there is none. Whose it is nobody has to say. */
  public Mono<String> publicKey(DestinationId id) {
    return transactions.within(
        database ->
            database
                .sql(
                    """
                    select client_jwk from oauth_grants
                    where destination_id = :id and client_jwk is not null
                    """)
                .bind("id", id.uuid())
                .map(row -> Objects.requireNonNull(row.get("client_jwk", Json.class)).asString())
                .one());
  }
}
