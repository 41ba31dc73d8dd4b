// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import dev.postrider.local.process.Part.Port;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Starts parts, waits until they work, and keeps those that already do. */
public final class Processes {

  /** Generous: a first start on a busy machine also makes databases and unpacks archives. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** How long a process that lives but does not answer may take before it is replaced. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(5);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final int LOG_TAIL = 12;

  /** Java's traces hide the message that says what is wrong. */
  private static final Pattern STACK_FRAME = Pattern.compile("\\s*(at |\\.\\.\\. \\d+ )");

  private final PidFile pids;
  private final Path logs;
  private final Progress progress;

  public Processes(PidFile pids, Path logs, Progress progress) {
    this.pids = pids;
    this.logs = logs;
    this.progress = progress;
  }

  /** Refuses a part that is not running and whose port is somebody else's. */
  public void requireFreePorts(Part part) throws IOException {
    var running = pids.alive(part.name());
    if (running.isPresent()) {
      requireSamePort(part, running.get());
      return;
    }
    for (Port port : part.ports()) {
      if (!FreePorts.isFree(port.number())) {
        throw new PartFailure(
            "Port %d is taken, and %s needs it: stop what listens there, or choose another port with %s."
                .formatted(port.number(), part.name(), port.variable()));
      }
    }
  }

  /** The part's process if it works already; a process that does not answer is ended. */
  public Optional<Running> keep(Part part) throws IOException, InterruptedException {
    var running = pids.alive(part.name());
    if (running.isEmpty()) {
      return Optional.empty();
    }
    if (part.probe().worksWithin(SILENCE_LIMIT, running.get()::alive)) {
      progress.kept(part, running.get());
      return running;
    }
    running.get().end(part.stop(), SILENCE_LIMIT);
    return Optional.empty();
  }

  /** Starts the part and returns when it works. */
  public Running start(Part part) throws IOException, InterruptedException {
    var begin = System.nanoTime();
    progress.starting(part);
    var running = launch(part);
    if (!part.probe().worksWithin(START_LIMIT, running::alive)) {
      throw failure(part, running);
    }
    progress.ready(part, since(begin));
    return running;
  }

  public void stop(Running running, Part.Signal signal) throws InterruptedException {
    var begin = System.nanoTime();
    running.end(signal, STOP_LIMIT);
    progress.stopped(running, since(begin));
  }

  private Running launch(Part part) throws IOException {
    var builder = part.launch().prepare();
    var log = log(part.name()).toFile();
    builder.command(detached(builder.command()));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log));
    var running = Running.of(part.name(), builder.start().toHandle(), part.port());
    pids.add(running);
    return running;
  }

  /** In a session of its own, so that a Ctrl-C meant for the launcher leaves the order to it. */
  private static List<String> detached(List<String> command) {
    if (!Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      return command;
    }
    var detached = new ArrayList<String>(command.size() + 1);
    detached.add("/usr/bin/setsid");
    detached.addAll(command);
    return detached;
  }

  private PartFailure failure(Part part, Running running) throws IOException {
    var what = running.alive() ? "does not answer after " + START_LIMIT.toSeconds() + " s" : "died";
    var log = log(part.name());
    return new PartFailure(
        "%s %s. The end of %s:%n%s".formatted(part.name(), what, log, tail(log)));
  }

  private static String tail(Path log) throws IOException {
    var text = Files.readString(log, StandardCharsets.ISO_8859_1);
    var lines = text.lines().filter(line -> !STACK_FRAME.matcher(line).lookingAt()).toList();
    var last = lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size());
    return String.join("\n", last).indent(4).stripTrailing();
  }

  private static void requireSamePort(Part part, Running running) {
    if (part.port() != running.port()) {
      throw new PartFailure(
          "%s runs on port %d, and %s asks for %d: call deploy/down first."
              .formatted(
                  part.name(), running.port(), part.ports().getFirst().variable(), part.port()));
    }
  }

  private Path log(String part) {
    return logs.resolve(part + ".log");
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
