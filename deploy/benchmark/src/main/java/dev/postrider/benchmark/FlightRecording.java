// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * A worker's flight recording: where its time goes and what it allocates.
 *
 * @param file written when the scenario has run
 */
record FlightRecording(Path file) {

  private static final String OURS = "dev.postrider.";
  private static final int ROWS = 25;

  /** What the worker is to be started with; CPU-time samples (JEP 509) also see native code. */
  String javaOptions() {
    return "-XX:StartFlightRecording:filename=%s,settings=profile,jdk.CPUTimeSample#enabled=true"
            .formatted(file)
        + " -XX:FlightRecorderOptions:stackdepth=256"
        + " -Xlog:jfr*=off";
  }

  /** To be called when it is written. */
  String summary() {
    var sums = new Sums();
    try (var recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        sums.add(recording.readEvent());
      }
      return sums + "\nrecording: %s, %d MiB".formatted(file, Files.size(file) >> 20);
    } catch (IOException e) {
      throw new UncheckedIOException("the recording cannot be read", e);
    }
  }

  /** Samples by what they have in common. */
  private static final class Sums {

    private final Map<String, Long> threads = new HashMap<>();
    private final Map<String, Long> methods = new HashMap<>();
    private final Map<String, Long> ours = new HashMap<>();
    private final Map<String, Long> allocated = new HashMap<>();
    private final Map<String, Long> allocating = new HashMap<>();

    void add(RecordedEvent event) {
      var stack = event.getStackTrace();
      switch (event.getEventType().getName()) {
        case "jdk.CPUTimeSample" -> {
          threads.merge(threadOf(event), 1L, Long::sum);
          methods.merge(top(stack), 1L, Long::sum);
          ours.merge(ours(stack), 1L, Long::sum);
        }
        case "jdk.ObjectAllocationSample" -> {
          long weight = event.getLong("weight");
          allocated.merge(event.getClass("objectClass").getName(), weight, Long::sum);
          allocating.merge(ours(stack), weight, Long::sum);
        }
        default -> {}
      }
    }

    /** Threads of a pool are one row. */
    private static String threadOf(RecordedEvent event) {
      var thread = event.getThread("eventThread");
      var name = thread == null ? null : thread.getJavaName();
      return name == null ? "(JVM)" : name.replaceAll("\\d+", "N");
    }

    private static String top(@Nullable RecordedStackTrace stack) {
      return stack == null || stack.getFrames().isEmpty()
          ? "(unknown)"
          : name(stack.getFrames().getFirst());
    }

    /** The innermost frame of Postrider's own code. */
    private static String ours(@Nullable RecordedStackTrace stack) {
      return stack == null
          ? "(unknown)"
          : stack.getFrames().stream()
              .map(Sums::name)
              .filter(name -> name.startsWith(OURS))
              .findFirst()
              .map(name -> name.substring(OURS.length()))
              .orElse("(libraries alone)");
    }

    private static String name(RecordedFrame frame) {
      return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    @Override
    public String toString() {
      return String.join(
          "\n",
          rows("CPU by thread", threads),
          rows("CPU by method", methods),
          rows("CPU by our innermost method", ours),
          rows("allocated bytes by class", allocated),
          rows("allocated bytes by our innermost method", allocating));
    }

    private static String rows(String title, Map<String, Long> counted) {
      double all = Math.max(1, counted.values().stream().mapToLong(Long::longValue).sum());
      return "\n%s\n".formatted(title)
          + counted.entrySet().stream()
              .sorted(comparingLong((Map.Entry<String, Long> row) -> -row.getValue()))
              .limit(ROWS)
              .map(row -> "  %5.1f %%  %s".formatted(100 * row.getValue() / all, row.getKey()))
              .collect(joining("\n"));
    }
  }
}
