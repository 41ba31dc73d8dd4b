// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

  @TempDir private Path parent;

  @Test
  void keepsTheQuickestOfTwoWhoMakeTheSameDirectory() throws IOException {
    Path wanted = parent.resolve("wanted");

    boolean ours =
        Directories.make(
            wanted,
            slow -> {
              fill(slow, "slow");
              assertThat(Directories.make(wanted, quick -> fill(quick, "quick"))).isTrue();
            });

    assertThat(ours).isFalse();
    assertThat(wanted.resolve("file")).hasContent("quick");
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(wanted));
  }

  @Test
  void leavesNothingOfADirectoryThatCannotBeMade() {
    Path wanted = parent.resolve("wanted");

    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(
            () ->
                Directories.make(
                    wanted,
                    directory -> {
                      fill(directory, "half");
                      throw new NoSuchFileException("the other half");
                    }));

    assertThat(parent).isEmptyDirectory();
  }

  private static void fill(Path directory, String content) throws IOException {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("file"), content);
  }
}
