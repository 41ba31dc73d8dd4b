// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyTextTest {

  private static final UUID ID = UUID.fromString("019aa000-0000-7000-8000-000000000001");
  private final Random random = new Random(1);

  @Test
  void readsItsOwnText() {
    for (UUID id : new UUID[] {ID, new UUID(0, 0), new UUID(-1, -1)}) {
      KeyText key = KeyText.create(id, random);
      assertThat(KeyText.parse(key.text().revealText())).contains(key);
    }
  }

  @Test
  void looksLikeOneOfOurs() {
    assertThat(KeyText.create(ID, random).text().revealText()).matches("prk_[0-9A-Za-z]{71}");
  }

  @Test
  void isNeverPrinted() {
    KeyText key = KeyText.create(ID, random);
    assertThat(key.toString()).doesNotContain(key.text().revealText().substring(30));
  }

  @Test
  void refusesEveryTextThatDiffersInOneCharacter() {
    String text = KeyText.create(ID, random).text().revealText();
    for (int index = 0; index < text.length(); index++) {
      char other = text.charAt(index) == 'x' ? 'y' : 'x';
      String mistyped = text.substring(0, index) + other + text.substring(index + 1);
      assertThat(KeyText.parse(mistyped)).as(mistyped).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNone() {
    String text = KeyText.create(ID, random).text().revealText();
    assertThat(KeyText.parse("")).isEmpty();
    assertThat(KeyText.parse("prk_")).isEmpty();
    assertThat(KeyText.parse(text + "0")).isEmpty();
    assertThat(KeyText.parse(text.replace('_', '-'))).isEmpty();
  }

  @Test
  void isAnotherEachTime() {
    Set<String> seen = new HashSet<>();
    for (int round = 0; round < 1000; round++) {
      seen.add(KeyText.create(ID, random).text().revealText());
    }
    assertThat(seen).hasSize(1000);
  }
}
