// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SecretTest {

  private static final String CANARY = "canary-5f2b";

  private final Secret secret = Secret.of(CANARY);

  record Holder(Secret secret) implements Serializable {}

  @Test
  void printsStars() {
    assertThat(secret).hasToString("***");
    assertThat(new Holder(secret).toString()).doesNotContain(CANARY);
  }

  @Test
  void comparesByContent() {
    assertThat(secret).isEqualTo(Secret.of(CANARY.getBytes(UTF_8))).isNotEqualTo(Secret.of("x"));
    assertThat(secret).hasSameHashCodeAs(Secret.of(CANARY)).isNotEqualTo(CANARY);
  }

  @Test
  void revealsCopiesOnly() {
    Arrays.fill(secret.reveal(), (byte) 0);

    assertThat(secret.revealText()).isEqualTo(CANARY);
  }

  @Test
  void keepsACopyOfWhatItWasGiven() {
    byte[] given = CANARY.getBytes(UTF_8);
    var kept = Secret.of(given);
    Arrays.fill(given, (byte) 0);

    assertThat(kept).isEqualTo(secret);
  }

  @Test
  void refusesJavaSerialisation() throws Exception {
    try (var out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(new Holder(secret)));
    }
  }

  @Test
  void showsJacksonNothing() {
    assertThat(new JsonMapper().writeValueAsString(new Holder(secret))).doesNotContain(CANARY);
  }

  @Test
  void namesNoMethodLikeAProperty() {
    assertThat(Secret.class.getDeclaredMethods())
        .noneMatch(method -> method.getName().startsWith("get"));
  }
}
