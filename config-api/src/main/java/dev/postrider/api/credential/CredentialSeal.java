// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Seals what a destination was given, and carries over what it keeps. */
@Component
public final class CredentialSeal {

  private final SecretBox box;

  CredentialSeal(SecretBox box) {
    this.box = box;
  }

  /** The secrets that these settings need, and no others. */
  public Credentials seal(
      AuthenticationSettings settings, TenantId tenant, DestinationId id, Credentials before) {
    Map<String, Credentials.Kept> secrets = new HashMap<>();
    settings.given().forEach((name, secret) -> secrets.put(name, sealed(name, secret, tenant, id)));
    for (String name : settings.kept()) {
      Credentials.Kept kept = before.byName().get(name);
      if (kept != null) {
        secrets.put(name, kept);
      }
    }
    return new Credentials(secrets);
  }

  /** The same secrets, those with an outdated seal sealed with the primary key. */
  public Credentials anew(Credentials before, TenantId tenant, DestinationId id) {
    Map<String, Credentials.Kept> secrets = new HashMap<>();
    before
        .byName()
        .forEach(
            (name, kept) ->
                secrets.put(
                    name,
                    new Credentials.Kept(
                        box.anew(kept.sealed(), Authentication.placeOf(tenant, id, name)),
                        kept.last4())));
    return new Credentials(secrets);
  }

  private Credentials.Kept sealed(String name, Secret secret, TenantId tenant, DestinationId id) {
    return new Credentials.Kept(
        box.seal(secret, Authentication.placeOf(tenant, id, name)),
        name.equals(AuthenticationSettings.CLIENT_KEY)
            ? null
            : Credentials.last4(secret.revealText()));
  }
}
