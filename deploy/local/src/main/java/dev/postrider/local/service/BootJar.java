// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.service;

import static java.util.Comparator.comparingLong;

import dev.postrider.local.process.Directories;
import dev.postrider.local.process.Java;
import dev.postrider.local.process.PartFailure;
import dev.postrider.local.process.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A module's executable Spring Boot jar, unpacked so that the JVM need not look into nested jars.
 */
final class BootJar {

  /** The newest, and the one before, which may still be running. */
  private static final int KEPT = 2;

  private final Path module;
  private final Path programs;

  BootJar(Path module, Path programs) {
    this.module = module;
    this.programs = programs;
  }

  /**
   * Unpacks the jar unless that has been done, and names the one to run. A build under a running
   * stack makes another directory and leaves the running one alone.
   */
  synchronized Path unpacked() throws IOException {
    var jar = jar();
    var directory = programs.resolve("%s-%s".formatted(module.getFileName(), digest(jar)));
    if (!Files.exists(directory)
        && Directories.make(directory, unfinished -> unpack(jar, unfinished))) {
      deleteOld();
    }
    return directory.resolve(jar.getFileName());
  }

  private Path jar() throws IOException {
    var pattern = module.getFileName() + "-*.jar";
    try (var jars = Files.newDirectoryStream(module.resolve("target"), pattern)) {
      for (Path jar : jars) {
        if (!jar.toString().endsWith("-tests.jar")) {
          return jar;
        }
      }
    }
    throw new PartFailure("%s/target has no %s: build it".formatted(module, pattern));
  }

  private static void unpack(Path jar, Path directory) throws IOException {
    var extract =
        List.of(
            "-Djarmode=tools",
            "-jar",
            jar.toString(),
            "extract",
            "--destination",
            directory.toString());
    Tool.run(Java.run(extract), "");
  }

  private void deleteOld() throws IOException {
    var prefix = module.getFileName() + "-";
    try (var all = Files.list(programs)) {
      var newestFirst =
          all.filter(program -> program.getFileName().toString().startsWith(prefix))
              .sorted(comparingLong((Path program) -> program.toFile().lastModified()).reversed());
      for (Path old : newestFirst.skip(KEPT).toList()) {
        Directories.delete(old);
      }
    }
  }

  private static String digest(Path jar) throws IOException {
    try (var bytes =
        new DigestInputStream(Files.newInputStream(jar), MessageDigest.getInstance("SHA-256"))) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(bytes.getMessageDigest().digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
