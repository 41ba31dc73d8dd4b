// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.model.secret.Keyset;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One key takes over from another as operations.md says, and every destination is served
 * throughout.
 */
@Tag("soak") // a stack of its own, restarted again and again
class KeyRotationIT {

  private static final Duration LONG = Duration.ofSeconds(120);
  private static final int DESTINATIONS = 400;

  private int events;

  @Test
  void z15TurnsAKeyAlthoughConfigApiIsKilledHalfWay(@TempDir Path directory) throws Exception {
    Settings settings = TestSettings.in(directory).with("POSTRIDER_WORKERS", "1");
    Path keyset = settings.home().keyset();
    try (Ledger ledger = new Ledger();
        LocalStack stack = LocalStack.start(settings);
        Platform platform = new Platform(stack, "acme")) {
      createDestinations(new Api(stack, "acme"), ledger);
      String older = Keyset.in(keyset).keys().getFirst().id();
      everyoneGetsAnEvent(platform, ledger);

      String newer = Keyset.in(keyset).add();
      restart(stack, "config-api");
      restart(stack, "worker-1");
      Keyset.in(keyset).promote(newer);
      restart(stack, "worker-1");
      assertThat(sealedBy(older, stack)).isEqualTo(DESTINATIONS);
      end(stack, "config-api");
      stack.restore();
      await().pollInterval(Duration.ofMillis(5)).until(() -> sealedBy(older, stack) < DESTINATIONS);
      stack.part("config-api").kill();

      long left = sealedBy(older, stack);
      System.out.printf("killed when %d of %d were left%n", left, DESTINATIONS);
      assertThat(left).isPositive();
      everyoneGetsAnEvent(platform, ledger);
      stack.restore();
      await().atMost(LONG).until(() -> sealedBy(older, stack) == 0);
      everyoneGetsAnEvent(platform, ledger);

      Keyset.in(keyset).disable(older);
      Keyset.in(keyset).destroy(older);
      restart(stack, "config-api");
      restart(stack, "worker-1");
      everyoneGetsAnEvent(platform, ledger);
    }
  }

  private static void createDestinations(Api api, Ledger ledger) {
    for (int i = 0; i < DESTINATIONS; i++) {
      api.createDestination(
          ledger.url(), ",\"auth\":{\"type\":\"bearer\",\"token\":\"token-of-%d\"}".formatted(i));
    }
  }

  /** What cannot be signed, or authenticated, would be put off. */
  private void everyoneGetsAnEvent(Platform platform, Ledger ledger) throws Exception {
    platform.publish("turned", "{}");
    events++;
    await().atMost(LONG).until(() -> ledger.distinct() == events * DESTINATIONS);
  }

  private static void restart(LocalStack stack, String part) throws InterruptedException {
    end(stack, part);
    stack.restore();
  }

  private static void end(LocalStack stack, String part) throws InterruptedException {
    stack.part(part).end(Signal.TERM, Duration.ofSeconds(40));
  }

  private static long sealedBy(String key, LocalStack stack) throws SQLException {
    URI uri = URI.create(stack.environment().get("POSTRIDER_POSTGRES"));
    String url =
        "jdbc:postgresql://%s:%d%s?user=postgres&password=postgres"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath());
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "select count(*) from destinations where '%s' = any(sealing_keys)"
                    .formatted(key))) {
      result.next();
      return result.getLong(1);
    }
  }
}
