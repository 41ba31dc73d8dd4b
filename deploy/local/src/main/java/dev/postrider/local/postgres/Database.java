// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.postgres;

import dev.postrider.local.process.Directories;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Part.Port;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Running;
import dev.postrider.local.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/** Makes the database's files when there are none, and starts the postmaster. */
public final class Database {

  /** The owner may make roles, as row-level security needs, and is no superuser. */
  private static final String BOOTSTRAP =
      """
      CREATE ROLE postrider LOGIN CREATEROLE PASSWORD 'postrider'
      CREATE DATABASE postrider OWNER postrider
      """;

  private final Path programs;
  private final Path directory;
  private final Port port;

  private Database(Path programs, Path directory, Port port) {
    this.programs = programs;
    this.directory = directory;
    this.port = port;
  }

  /**
   * The database on the given port.
   *
   * @param programs where to unpack the binaries
   * @param url of the database, with user and password, for the probe
   */
  public static Part part(Path programs, Path directory, Port port, String url) {
    var database = new Database(programs, directory, port);
    return new Part(
        "postgres", List.of(port), Set.of(), database::prepare, new DatabaseProbe(url), Signal.INT);
  }

  private ProcessBuilder prepare() throws IOException {
    var bin = Binaries.unpackedInto(programs).resolve("bin");
    var user = Unprivileged.find();
    if (!Files.exists(directory)) {
      create(bin, user);
    }
    forgetZombie();
    return user.command(
        List.of(
            bin.resolve("postgres").toString(),
            "-D",
            directory.toString(),
            "-p",
            Integer.toString(port.number()),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=200",
            // As docs/operations.md recommends: a page is logged whole after each checkpoint.
            "-c",
            "max_wal_size=2GB",
            "-c",
            "min_wal_size=512MB",
            "-c",
            "checkpoint_timeout=15min",
            "-c",
            "jit=off"));
  }

  /** Under another name first: a directory of the right name is complete. */
  private void create(Path bin, Unprivileged user) throws IOException {
    var unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
    Files.createDirectories(directory.getParent());
    Directories.delete(unfinished);
    user.createDirectory(unfinished);
    var password = Files.createTempFile("postrider", ".password");
    try {
      Files.writeString(password, "postgres");
      user.own(password);
      Tool.run(user.command(initdb(bin, unfinished, password)), "");
    } finally {
      Files.delete(password);
    }
    var single =
        List.of(
            bin.resolve("postgres").toString(),
            "--single",
            "-D",
            unfinished.toString(),
            "postgres");
    Tool.run(user.command(single), BOOTSTRAP);
    Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> initdb(Path bin, Path directory, Path password) {
    return List.of(
        bin.resolve("initdb").toString(),
        "--pgdata=" + directory,
        "--username=postgres",
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C");
  }

  /** PostgreSQL takes a zombie for a running postmaster, and would refuse to start beside it. */
  private void forgetZombie() throws IOException {
    var lock = directory.resolve("postmaster.pid");
    if (Files.exists(lock)) {
      var pid = Long.parseLong(Files.readAllLines(lock).getFirst().strip());
      if (Running.isZombie(pid)) {
        Files.delete(lock);
      }
    }
  }
}
