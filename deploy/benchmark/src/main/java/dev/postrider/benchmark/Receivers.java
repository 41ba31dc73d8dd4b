// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sink as the driver sees it: a hundred hosts, so to speak, each a port of its own. */
final class Receivers implements AutoCloseable {

  /** Of ports; destinations beyond share them. */
  static final int HOSTS = 100;

  private static final List<String> OPTIONS = List.of("-Xmx384m", "-XX:+UseSerialGC");

  private static final Path CHRT = Path.of("/usr/bin/chrt");

  /**
   * The policy of the scheduler for what may wait a moment, where there is one: a receiver on
   * another machine does not interrupt whoever sends to it, at every request.
   */
  private static final List<String> BATCH =
      Files.isExecutable(CHRT) ? List.of(CHRT.toString(), "--batch", "0") : List.of();

  private final Child sink;
  private final List<Integer> ports;

  private Receivers(Child sink, List<Integer> ports) {
    this.sink = sink;
    this.ports = ports;
  }

  static Receivers start() {
    var sink = Child.start(BATCH, Sink.class, OPTIONS, List.of(HOSTS));
    var ports = Stream.of(sink.answer().split(" ", -1)).map(Integer::valueOf).toList();
    return new Receivers(sink, ports);
  }

  /** The URL of a destination by its number; what paths do, see {@link Sink}. */
  String url(int destination, String path) {
    return "http://127.0.0.1:%d/%s".formatted(ports.get(destination % ports.size()), path);
  }

  /**
   * How far the sink has got.
   *
   * @param count of requests, in all
   * @param lastMicros wall clock time of the last
   */
  record Progress(long count, long lastMicros) {}

  Progress progress() {
    var words = sink.ask("count").split(" ", -1);
    return new Progress(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** Keeps which event comes when, from now on. */
  void record() {
    sink.ask("record");
  }

  /** A request: which event, and when, in µs of the wall clock. */
  record Arrival(long event, long micros) {}

  /** What came since {@link #record}, in order. */
  List<Arrival> recorded() {
    try {
      var file = Files.createTempFile("postrider-arrivals", null);
      try {
        int count = Integer.parseInt(sink.ask("dump " + file));
        return read(file, count);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what has arrived cannot be read", e);
    }
  }

  private static List<Arrival> read(Path file, int count) throws IOException {
    var arrivals = new Arrival[count];
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int i = 0; i < count; i++) {
        arrivals[i] = new Arrival(in.readLong(), in.readLong());
      }
    }
    return List.of(arrivals);
  }

  long pid() {
    return sink.pid();
  }

  @Override
  public void close() {
    sink.close();
  }
}
