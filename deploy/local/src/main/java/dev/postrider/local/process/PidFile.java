// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers, between calls, which processes were started: {@code part pid start port} a line. */
public final class PidFile {

  private final Path file;

  public PidFile(Path file) {
    this.file = file;
  }

  /** What was recorded and is still alive. */
  public synchronized List<Running> alive() throws IOException {
    return recorded().values().stream().filter(Running::alive).toList();
  }

  public synchronized Optional<Running> alive(String part) throws IOException {
    return Optional.ofNullable(recorded().get(part)).filter(Running::alive);
  }

  synchronized void add(Running running) throws IOException {
    var all = recorded();
    all.put(running.part(), running);
    write(all);
  }

  /** Drops the dead, so that the file is empty once everything has been stopped. */
  public synchronized void forgetDead() throws IOException {
    var all = recorded();
    all.values().removeIf(running -> !running.alive());
    write(all);
  }

  private Map<String, Running> recorded() throws IOException {
    var all = new LinkedHashMap<String, Running>();
    if (Files.exists(file)) {
      Files.readAllLines(file).stream().map(PidFile::parse).forEach(r -> all.put(r.part(), r));
    }
    return all;
  }

  private void write(Map<String, Running> all) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, all.values().stream().map(PidFile::format).toList());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String format(Running running) {
    return "%s %d %s %d"
        .formatted(running.part(), running.pid(), running.startedAt(), running.port());
  }

  private static Running parse(String line) {
    var words = line.split(" ", -1);
    return new Running(
        words[0], Long.parseLong(words[1]), Instant.parse(words[2]), Integer.parseInt(words[3]));
  }
}
