// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postrider.model.secret.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningSecretTest {

  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("Postrider");
  private static final SecureRandom RANDOM = new SecureRandom();

  @ParameterizedTest
  @ValueSource(strings = {"standard_webhooks", "timestamped_hex", "stripe", "github"})
  void generatesThirtyTwoRandomBytes(String scheme) {
    var secret = SigningSecret.generate(scheme(scheme), RANDOM);
    String text = secret.text().revealText();

    assertThat(text).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(text.substring(6))).hasSize(32);
    assertThat(SigningSecret.generate(scheme(scheme), RANDOM)).isNotEqualTo(secret);
    assertThat(secret.publicKey()).isEmpty();
  }

  @Test
  void showsThePublicHalfOfAnEd25519Key() {
    var secret =
        SigningSecret.existing(
            scheme("standard_webhooks_ed25519"),
            Secret.of(
                "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="));

    assertThat(secret.publicKey()).contains("whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=");
  }

  @Test
  void showsNoMoreThanFourCharacters() {
    var secret = SigningSecret.existing(scheme("github"), Secret.of("It's a Secret to Everybody"));

    assertThat(secret.last4()).isEqualTo("body");
    assertThat(secret).hasToString("***");
  }

  @ParameterizedTest
  @CsvSource({"23,false", "24,true", "64,true", "65,false"})
  void holdsImportedStandardWebhooksSecretsToTwentyFourToSixtyFourBytes(int size, boolean good) {
    var text = Secret.of("whsec_" + Base64.getEncoder().encodeToString(new byte[size]));

    if (good) {
      assertThat(SigningSecret.imported(scheme("standard_webhooks"), text).text()).isEqualTo(text);
    } else {
      assertRefused("standard_webhooks", text, "whsec_ and the base64 of 24 to 64 bytes");
    }
  }

  @Test
  void holdsOtherImportedSecretsToTwentyFourBytes() {
    assertRefused("timestamped_hex", Secret.of("x".repeat(23)), "24 to 256 bytes");
    assertRefused("timestamped_hex", Secret.of("x".repeat(257)), "24 to 256 bytes");
    assertThat(SigningSecret.imported(scheme("timestamped_hex"), Secret.of("x".repeat(24))))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_canary!", "whpk_AAAA", ""})
  void refusesWhatIsNotOfTheForm(String text) {
    assertRefused("standard_webhooks", Secret.of(text), "whsec_ and the base64");
    assertRefused("standard_webhooks_ed25519", Secret.of(text), "base64 of 64 bytes");
  }

  @Test
  void hasNoSecretForSchemeNone() {
    assertRefused("none", Secret.of("x".repeat(32)), "takes no secret");
  }

  private static void assertRefused(String scheme, Secret text, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.imported(scheme(scheme), text))
        .withMessageContaining(rule)
        .withMessageNotContaining("canary");
  }

  private static SignatureScheme scheme(String name) {
    return SCHEMES.named(name).orElseThrow();
  }
}
