// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.TestDestinations;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver repeats of a request is not kept. */
class CredentialsTest {

  private static final Destination USUAL =
      TestDeliveries.destination(URI.create("http://127.0.0.1/hook"), Duration.ofSeconds(1));

  private SecretBox box;

  @BeforeEach
  void keyset(@TempDir Path directory) {
    SecretBox.createKeyset(directory.resolve("keyset.json"));
    box = SecretBox.open(directory.resolve("keyset.json"));
  }

  @Test
  void z15HidesAPasswordInEitherForm() {
    Credentials credentials =
        opened(new Authentication.Basic("u", sealed("password", "canary-3f9c")));
    String encoded = Base64.getEncoder().encodeToString("u:canary-3f9c".getBytes(UTF_8));

    assertThat(credentials.hideIn("Authorization: Basic " + encoded + "\npassword=canary-3f9c!"))
        .isEqualTo("Authorization: Basic ***\npassword=***!");
  }

  @Test
  void z15HidesATokenOrAKey() {
    assertThat(
            opened(new Authentication.Bearer(sealed("token", "canary-3f9c")))
                .hideIn("{\"authorization\":\"Bearer canary-3f9c\"}"))
        .isEqualTo("{\"authorization\":\"Bearer ***\"}");
    assertThat(
            opened(new Authentication.OAuth2(sealed("access_token", "canary-3f9c"), null))
                .hideIn("canary-3f9c canary-3f9c"))
        .isEqualTo("*** ***");
    assertThat(
            opened(new Authentication.ApiKey("X-Key", sealed("value", "canary-3f9c")))
                .hideIn("invalid key canary-3f9c"))
        .isEqualTo("invalid key ***");
  }

  @Test
  void z15HidesWhatAnAnswerBreaksOffIn() {
    Credentials credentials = opened(new Authentication.Bearer(sealed("token", "canary-3f9c")));

    assertThat(credentials.hideIn("your token was canary-3")).isEqualTo("your token was ***");
    assertThat(credentials.hideIn("a can")).isEqualTo("a can");
    assertThat(credentials.hideIn("")).isEmpty();
  }

  @Test
  void leavesAnAnswerAloneForASecretThatCouldBeAnything() {
    assertThat(opened(new Authentication.Bearer(sealed("token", "ok"))).hideIn("ok"))
        .isEqualTo("ok");
    assertThat(Credentials.NONE.hideIn("ok")).isEqualTo("ok");
  }

  private Credentials opened(Authentication authentication) {
    return Credentials.open(TestDestinations.with(USUAL, authentication), box);
  }

  private Sealed sealed(String name, String secret) {
    return box.seal(Secret.of(secret), Authentication.placeOf(USUAL.tenant(), USUAL.id(), name));
  }
}
