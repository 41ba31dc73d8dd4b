// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.secret.SecretBox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreateKeysetTest {

  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

  @Test
  void makesAKeysetThatOpensAndNeverOverwritesOne(@TempDir Path directory) {
    String file = directory.resolve("keyset.json").toString();

    assertThat(run("create-keyset", file)).isZero();
    assertThat(SecretBox.open(Path.of(file))).isNotNull();
    assertThat(run("create-keyset", file)).isEqualTo(1);
    assertThat(complaints.toString(UTF_8)).contains("exists and is not overwritten");
  }

  @Test
  void saysWhatItNeeds() {
    assertThat(run("create-keyset")).isEqualTo(2);
    assertThat(complaints.toString(UTF_8)).contains("needs one argument");
  }

  private int run(String... arguments) {
    return CreateKeyset.run(arguments, new PrintStream(complaints, true, UTF_8));
  }
}
