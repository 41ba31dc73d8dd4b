// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;

/** What {@link Files} has for single files only. */
public final class Directories {

  private Directories() {}

  /** Puts into a directory, which is not there yet, what is to be in it. */
  public interface Filling {
    void into(Path directory) throws IOException;
  }

  /**
   * Makes a directory that is complete from the moment when it is there. Of several processes that
   * want it at once each fills one, and the quickest one's stays.
   *
   * @return whether it is ours
   */
  public static boolean make(Path directory, Filling filling) throws IOException {
    Path unfinished = directory.resolveSibling("unfinished-" + UUID.randomUUID());
    try {
      filling.into(unfinished);
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (FileSystemException e) {
      if (Files.exists(directory)) {
        return false;
      }
      throw e;
    } finally {
      delete(unfinished);
    }
  }

  /** Deletes the directory with all that is in it; nothing happens when there is none. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
