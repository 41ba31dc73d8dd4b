// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBoxTest {

  private static final SecretPlace HOME =
      new SecretPlace("destinations", "acme", "dst_1", "signing_secret");
  private static final Secret SECRET = Secret.of("whsec_canary");

  @TempDir Path directory;
  private Path keyset;

  @BeforeEach
  void createKeyset() {
    keyset = directory.resolve("keyset.json");
    SecretBox.createKeyset(keyset);
  }

  @Test
  void opensWhatItSealed() {
    var box = SecretBox.open(keyset);

    assertThat(box.open(box.seal(SECRET, HOME), HOME)).isEqualTo(SECRET);
  }

  @Test
  void sealsTheSameSecretDifferentlyEachTime() {
    var box = SecretBox.open(keyset);

    assertThat(box.seal(SECRET, HOME)).isNotEqualTo(box.seal(SECRET, HOME));
  }

  @ParameterizedTest
  @CsvSource({
    "tokens,       acme,   dst_1, signing_secret",
    "destinations, globex, dst_1, signing_secret",
    "destinations, acme,   dst_2, signing_secret",
    "destinations, acme,   dst_1, auth_password",
  })
  void refusesACiphertextThatWasMoved(String table, String tenant, String row, String column) {
    var box = SecretBox.open(keyset);
    var sealed = box.seal(SECRET, HOME);
    var elsewhere = new SecretPlace(table, tenant, row, column);

    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> box.open(sealed, elsewhere))
        .withMessageContaining(elsewhere.toString())
        .withMessageNotContaining("canary");
  }

  @Test
  void refusesATruncatedCiphertext() {
    var box = SecretBox.open(keyset);

    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> box.open(new Sealed("AAAA"), HOME));
  }

  @Test
  void opensOldCiphertextsAfterANewKeyIsPromoted() {
    var sealed = SecretBox.open(keyset).seal(SECRET, HOME);
    var rotated = SecretBox.open(rotate());

    assertThat(rotated.open(sealed, HOME)).isEqualTo(SECRET);
    assertThatThrownBy(() -> SecretBox.open(keyset).open(rotated.seal(SECRET, HOME), HOME))
        .isInstanceOf(SealBrokenException.class);
  }

  private Path rotate() {
    var builder = KeysetHandle.newBuilder(KeysetFile.read(keyset));
    builder.addEntry(
        KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
            .withRandomId()
            .makePrimary());
    Path rotated = directory.resolve("rotated.json");
    try {
      KeysetFile.write(builder.build(), rotated);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return rotated;
  }

  @Test
  void createsAKeysetThatOnlyItsOwnerReads() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyset)))
        .isEqualTo("r--------");
    assertThat(directory).isDirectoryNotContaining(file -> file.toString().contains(".keyset"));
  }

  @Test
  void refusesToOverwriteAKeyset() throws Exception {
    String before = Files.readString(keyset);

    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> SecretBox.createKeyset(keyset))
        .withMessage("keyset file " + keyset + " exists and is not overwritten");
    assertThat(keyset).hasContent(before);
    assertThat(directory).isDirectoryNotContaining(file -> file.toString().contains(".keyset"));
  }

  @Test
  void refusesAMissingKeyset() {
    Path missing = directory.resolve("missing.json");

    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> SecretBox.open(missing))
        .withMessage("keyset file " + missing + " does not exist");
  }

  @Test
  void namesTheVariableWhenNoKeysetFileIsSet() {
    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> SecretBox.open(Path.of("")))
        .withMessage("no keyset file is set: POSTRIDER_KEYSET_FILE is its path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r-----r--", "rw-r--r--", "rw--w----", "r--r-x---"})
  void refusesAKeysetThatOthersCanTouch(String permissions) throws Exception {
    Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString(permissions));

    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> SecretBox.open(keyset))
        .withMessage(
            "keyset file %s must be its owner's, read by its group at most (chmod 0400 or 0440):"
                + " was %s",
            keyset, permissions);
  }

  @Test
  void opensAKeysetThatItsGroupCanRead() throws Exception {
    Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("r--r-----"));

    assertThat(SecretBox.open(keyset)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "canary", "{\"primaryKeyId\": 1, \"key\": []}"})
  void refusesAMalformedKeysetWithoutQuotingIt(String content) throws Exception {
    Path malformed = directory.resolve("malformed.json");
    Files.writeString(malformed, content);
    Files.setPosixFilePermissions(malformed, PosixFilePermissions.fromString("r--------"));

    assertThatExceptionOfType(KeysetRefusedException.class)
        .isThrownBy(() -> SecretBox.open(malformed))
        .withMessage("keyset file " + malformed + " is not a Tink keyset in JSON")
        .withNoCause();
  }

  @ParameterizedTest
  @CsvSource({"a|b,t,r,c", "a,'',r,c", "a,t,|,c"})
  void refusesPlacesThatCouldBeMistaken(String table, String tenant, String row, String column) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecretPlace(table, tenant, row, column))
        .withMessageContaining("must not be empty nor contain '|'");
  }

  @Test
  void printsOnlyTheLengthOfASealedSecret() {
    var sealed = SecretBox.open(keyset).seal(SECRET, HOME);

    assertThat(sealed.toString()).matches("Sealed\\[\\d+ bytes]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sealed("whsec_canary"))
        .withMessageNotContaining("canary");
  }
}
