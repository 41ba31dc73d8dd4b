// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.api.destination.GrantedDestinations.Client;
import dev.postrider.api.grant.Tokens;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.SecretBox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Seals what an issuer has given, and says when to ask for the next: after 80 % of its life, give
 * or take 5, so that the old one is good still while that takes, and not all are renewed at once.
 */
@Component
final class TokenSeal {

  private static final double SHARE = 0.75;
  private static final double SPREAD = 0.1;

  private final SecretBox box;
  private final Clock clock;
  private final RandomGenerator random;

  TokenSeal(SecretBox box, Clock clock, RandomGenerator random) {
    this.box = box;
    this.clock = clock;
    this.random = random;
  }

  /** Of the first tokens, which can be renewed if there is something to renew them with. */
  Tokens first(Client client, TokenAnswer.Granted granted) {
    return sealed(client, granted, granted.refresh() != null);
  }

  /** Of those that follow them: where there is nothing new to renew with, the old is good still. */
  Tokens next(Client client, TokenAnswer.Granted granted) {
    return sealed(client, granted, true);
  }

  private Tokens sealed(Client client, TokenAnswer.Granted granted, boolean renewable) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Duration life = granted.life();
    Instant expires = life == null ? null : now.plus(life);
    return new Tokens(
        box.seal(granted.access(), Tokens.accessPlace(client.tenant(), client.id())),
        client.settings().needsConsent() ? refresh(client, granted) : null,
        now,
        expires,
        life == null || !renewable ? expires : now.plus(share(life)));
  }

  private @Nullable Sealed refresh(Client client, TokenAnswer.Granted granted) {
    return granted.refresh() == null
        ? null
        : box.seal(granted.refresh(), Tokens.refreshPlace(client.tenant(), client.id()));
  }

  private Duration share(Duration life) {
    double share = SHARE + SPREAD * random.nextDouble();
    return Duration.ofMillis((long) (life.toMillis() * share));
  }
}
