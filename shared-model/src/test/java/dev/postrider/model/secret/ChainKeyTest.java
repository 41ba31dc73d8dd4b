// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainKeyTest {

  @TempDir private Path directory;

  @Test
  void linksEachEntryToTheOneBefore() {
    ChainKey key = ChainKey.open(keyset("keyset.json"));
    String first = key.link(ChainKey.BEGINNING, "one");

    assertThat(first).matches("[0-9a-f]{64}").isEqualTo(key.link(ChainKey.BEGINNING, "one"));
    assertThat(key.link(first, "one")).isNotEqualTo(first);
    assertThat(key.sign(ChainKey.BEGINNING + "one")).isNotEqualTo(first);
  }

  @Test
  void isAnotherForAnotherKeyset() {
    String hash = ChainKey.open(keyset("keyset.json")).link(ChainKey.BEGINNING, "one");

    assertThat(ChainKey.open(keyset("other.json")).link(ChainKey.BEGINNING, "one"))
        .isNotEqualTo(hash);
  }

  @Test
  void doesNotPrintItself() {
    assertThat(ChainKey.open(keyset("keyset.json"))).hasToString("***");
  }

  private Path keyset(String name) {
    Path file = directory.resolve(name);
    SecretBox.createKeyset(file);
    return file;
  }
}
