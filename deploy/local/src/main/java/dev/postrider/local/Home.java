// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.process.Java;
import dev.postrider.local.process.PartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a stack lives.
 *
 * @param checkout the root of the source tree, with the jars of the services in it
 * @param data what must survive: broker and database files, keys, the list of processes
 * @param work what can be made again: unpacked programs, logs, {@code local.env}
 */
public record Home(Path checkout, Path data, Path work) {

  private static final long LEAST_SPACE = 512L << 20;

  public Home {
    checkout = checkout.toAbsolutePath().normalize();
    data = data.toAbsolutePath().normalize();
    work = work.toAbsolutePath().normalize();
  }

  /** The home that {@code deploy/up} uses. */
  public static Home of(Path checkout) {
    var local = checkout.resolve("deploy/local");
    return new Home(checkout, local.resolve("data"), local.resolve("target"));
  }

  /** The same programs with data, logs and {@code local.env} elsewhere. */
  public Home at(Path directory) {
    return new Home(checkout, directory.resolve("data"), directory.resolve("target"));
  }

  public Path logs() {
    return work.resolve("logs");
  }

  public Path localEnv() {
    return work.resolve("local.env");
  }

  Path pidFile() {
    return data.resolve("pids");
  }

  public Path keyset() {
    return data.resolve("keyset.json");
  }

  /** Archives only where they pay: the homes of tests are used once. */
  Java java() {
    var kept = equals(of(checkout));
    return new Java(kept ? Optional.of(work.resolve("archives")) : Optional.empty());
  }

  /** Unpacked programs are shared by all homes of a checkout. */
  Path programs() {
    return checkout.resolve("deploy/local/target/programs");
  }

  void create() {
    try {
      for (Path directory : List.of(data, logs(), programs(), work.resolve("archives"))) {
        Files.createDirectories(directory);
        Files.delete(Files.createTempFile(directory, "writable", null));
      }
      requireSpace(Files.getFileStore(data).getUsableSpace());
    } catch (IOException e) {
      throw new PartFailure("The stack cannot write its files: " + e, e);
    }
  }

  private void requireSpace(long free) {
    if (free < LEAST_SPACE) {
      throw new PartFailure(
          "The disk is full: %s has %d MiB left, and the stack needs %d MiB."
              .formatted(data, free >> 20, LEAST_SPACE >> 20));
    }
  }
}
