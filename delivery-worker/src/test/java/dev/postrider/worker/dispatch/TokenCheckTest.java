// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.secret.Sealed;
import dev.postrider.worker.TestDeliveries;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenCheckTest {

  private static final Delivery FRESH = TestDeliveries.delivery("e", 1);
  private static final Delivery HAS_WAITED =
      FRESH.waiting(1, new Decision.Parked(NOON, Decision.Why.AUTHORIZATION));

  private final TokenCheck check = new TokenCheck();

  @Test
  void barsWithoutATokenAndWithOneThatHasExpired() {
    assertThat(check.bars(new Authentication.None(), NOON)).isFalse();
    assertThat(check.bars(new Authentication.OAuth2(null, null), NOON)).isTrue();
    assertThat(check.bars(token("AAAA", null), NOON)).isFalse();
    assertThat(check.bars(token("AAAA", NOON.plusSeconds(1)), NOON)).isFalse();
    assertThat(check.bars(token("AAAA", NOON), NOON)).isTrue();
  }

  @Test
  void barsARefusedTokenUntilThereIsAnother() {
    assertThat(check.refuses(token("AAAA", null), FRESH, NOON)).isTrue();
    assertThat(check.refuses(token("AAAA", null), FRESH, NOON)).isTrue();
    assertThat(check.bars(token("AAAA", null), NOON)).isTrue();
    assertThat(check.bars(token("BBBB", null), NOON)).isFalse();
  }

  @Test
  void countsARefusalOfTheNextTokenAndOfWhoHasWaited() {
    assertThat(check.refuses(token("AAAA", null), HAS_WAITED, NOON)).isFalse();
    assertThat(check.refuses(token("AAAA", null), FRESH, NOON)).isTrue();
    assertThat(check.refuses(token("BBBB", null), FRESH, NOON.plusSeconds(59))).isFalse();
    assertThat(check.bars(token("BBBB", null), NOON.plusSeconds(59))).isFalse();
    assertThat(check.refuses(token("CCCC", null), FRESH, NOON.plusSeconds(60))).isTrue();
  }

  @Test
  void doesNotBelieveThatOtherCredentialsAreRefused() {
    Authentication bearer = new Authentication.Bearer(new Sealed("AAAA"));
    assertThat(check.refuses(bearer, FRESH, NOON)).isFalse();
    assertThat(check.bars(bearer, NOON)).isFalse();
  }

  @Test
  void waitsTheLongerTheLongerThereHasBeenNone() {
    assertThat(check.pause(token("AAAA", NOON), NOON)).isEqualTo(Duration.ofSeconds(5));
    assertThat(check.pause(token("AAAA", NOON), NOON.plusSeconds(40)))
        .isEqualTo(Duration.ofSeconds(20));
    assertThat(check.pause(token("AAAA", NOON), NOON.plusSeconds(4000)))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(check.pause(new Authentication.OAuth2(null, null), NOON))
        .isEqualTo(Duration.ofSeconds(30));
  }

  private static Authentication token(String sealed, @Nullable Instant expires) {
    return new Authentication.OAuth2(new Sealed(sealed), expires);
  }
}
