// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps from one key to the next, as everybody sees them who has the file. */
class KeysetTest {

  private static final SecretPlace HOME = new SecretPlace("destinations", "acme", "dst_1", "s");
  private static final Secret SECRET = Secret.of("whsec_canary");

  @TempDir private Path directory;

  private Path file;
  private String first;

  @BeforeEach
  void keysetOfOneKey() {
    file = directory.resolve("keyset.json");
    SecretBox.createKeyset(file);
    first = Keyset.in(file).keys().getFirst().id();
  }

  @Test
  void anAddedKeyOpensBeforeItSeals() {
    SecretBox before = SecretBox.open(file);

    String second = Keyset.in(file).add();
    SecretBox added = SecretBox.open(file);
    Keyset.in(file).promote(second);
    SecretBox promoted = SecretBox.open(file);

    assertThat(added.seal(SECRET, HOME).key()).isEqualTo(first);
    assertThat(added.outdated()).isEmpty();
    assertThat(promoted.seal(SECRET, HOME).key()).isEqualTo(second);
    assertThat(promoted.outdated()).containsExactly(first);
    assertThat(added.open(promoted.seal(SECRET, HOME), HOME)).isEqualTo(SECRET);
    assertThat(promoted.open(before.seal(SECRET, HOME), HOME)).isEqualTo(SECRET);
  }

  @Test
  void sealsAnewWhatAnOlderKeyHasSealedAndNothingElse() {
    Sealed old = SecretBox.open(file).seal(SECRET, HOME);
    String second = Keyset.in(file).add();
    SecretBox added = SecretBox.open(file);
    Keyset.in(file).promote(second);
    SecretBox promoted = SecretBox.open(file);

    Sealed anew = promoted.anew(old, HOME);

    assertThat(anew.key()).isEqualTo(second);
    assertThat(promoted.open(anew, HOME)).isEqualTo(SECRET);
    assertThat(promoted.anew(anew, HOME)).isSameAs(anew);
    assertThat(added.anew(anew, HOME)).as("by one who does not know yet").isSameAs(anew);
  }

  @Test
  void aDisabledKeyOpensNothingUntilItIsEnabledAgain() {
    Sealed old = SecretBox.open(file).seal(SECRET, HOME);
    Keyset.in(file).promote(Keyset.in(file).add());

    Keyset.in(file).disable(first);
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> SecretBox.open(file).open(old, HOME));

    Keyset.in(file).enable(first);
    assertThat(SecretBox.open(file).open(old, HOME)).isEqualTo(SECRET);
  }

  @Test
  void theChainGoesOnWhenTheFirstKeyIsGone() throws Exception {
    String hash = ChainKey.open(file).link(ChainKey.BEGINNING, "one");
    Keyset.in(file).promote(Keyset.in(file).add());
    Keyset.in(file).disable(first);
    Keyset.in(file).destroy(first);

    assertThat(Keyset.in(file).keys()).hasSize(1);
    assertThat(ChainKey.open(file).link(ChainKey.BEGINNING, "one")).isEqualTo(hash);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--------");
    assertThat(directory).isDirectoryNotContaining(each -> each.toString().contains(".keyset"));
  }

  @Test
  void refusesStepsOutOfOrder() {
    String second = Keyset.in(file).add();

    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> Keyset.in(file).disable(first))
        .withMessage("the key %s is the primary one: promote another first", first);
    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> Keyset.in(file).destroy(second))
        .withMessage("the key %s is enabled: disable it first", second);
    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> Keyset.in(file).promote("another"))
        .withMessageStartingWith("the key another is none of [" + first);
    Keyset.in(file).disable(second);
    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> Keyset.in(file).promote(second))
        .withMessage("the key %s is disabled and cannot seal", second);
  }
}
