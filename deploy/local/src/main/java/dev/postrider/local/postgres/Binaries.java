// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.postgres;

import dev.postrider.local.process.Directories;
import dev.postrider.local.process.PartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL programs, out of the jar that carries them for this kind of machine. */
final class Binaries {

  private static final int OWNER_EXECUTABLE = 0100;

  private Binaries() {}

  /** Unpacks them, unless that has been done, and names the directory. */
  static Path unpackedInto(Path programs) throws IOException {
    var directory = programs.resolve("postgresql-18");
    if (!Files.exists(directory)) {
      Directories.make(directory, Binaries::unpack);
    }
    return directory;
  }

  private static InputStream archive() {
    var name = "/postgres-%s-%s.txz".formatted(system(), processor());
    var archive = Binaries.class.getResourceAsStream(name);
    if (archive == null) {
      throw new PartFailure(
          "There are no PostgreSQL binaries for this machine (%s): point POSTRIDER_POSTGRES at a database."
              .formatted(name));
    }
    return archive;
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
        ? "darwin"
        : "linux";
  }

  private static String processor() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
  }

  private static void unpack(Path directory) throws IOException {
    try (var archive = archive();
        var tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, directory.resolve(entry.getName()).normalize());
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file);
    if ((entry.getMode() & OWNER_EXECUTABLE) != 0) {
      Files.setPosixFilePermissions(file, Set.of(PosixFilePermission.values()));
    }
  }
}
