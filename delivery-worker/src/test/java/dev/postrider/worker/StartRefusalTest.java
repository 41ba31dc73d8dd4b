// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postrider.model.secret.SecretBox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

class StartRefusalTest {

  @Test
  void saysWhatIsWrongWithTheKeysetInOneLine() {
    Throwable missing = catchThrowable(() -> SecretBox.open(Path.of("/nowhere/keyset.json")));

    FailureAnalysis analysis =
        new StartRefusal().analyze(new IllegalStateException("no bean", missing));

    assertThat(analysis.getDescription())
        .isEqualTo("keyset file /nowhere/keyset.json does not exist");
    assertThat(analysis.getAction()).contains("POSTRIDER_KEYSET_FILE");
  }

  @Test
  void leavesOurOwnMistakesToTheStackTrace() {
    assertThat(new StartRefusal().analyze(new IllegalStateException("a bug"))).isNull();
  }
}
