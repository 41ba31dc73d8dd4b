// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import dev.postrider.local.Settings.Variable;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Progress;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.SecretBox;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything a scenario works with: a stack of its own, the sink, and a way to publish. */
final class Rig implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration STOPPED = Duration.ofSeconds(40);

  private final Settings settings;
  private final Receivers receivers;
  private final Clock clock;
  private LocalStack stack;
  private final Events events;
  private final Snapshots snapshots;
  private final Database database;
  private final Broker broker;

  private Rig(Settings settings, LocalStack stack, Receivers receivers, Options options) {
    this.settings = settings;
    this.stack = stack;
    this.receivers = receivers;
    this.clock = Clock.systemUTC();
    var address = "127.0.0.1:" + settings.port(Variable.KAFKA);
    this.events = new Events(address, options.payload(), clock);
    var keyset = settings.home().data().resolve("keyset.json");
    this.snapshots = new Snapshots(events.producer(), SecretBox.open(keyset), clock);
    this.database = new Database(settings.port(Variable.POSTGRES));
    this.broker = new Broker(address);
  }

  /** The stack as it would be, below {@code deploy/benchmark/target}; nothing is started yet. */
  static Settings settings(Path checkout) {
    var home = Home.of(checkout).at(checkout.resolve("deploy/benchmark/target/stack"));
    var settings = Settings.onFreePorts(home).with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32");
    for (var variable : List.of("POSTRIDER_WORKER_JAVA_OPTS", "POSTRIDER_API_JAVA_OPTS")) {
      settings = settings.with(variable, System.getenv().getOrDefault(variable, ""));
    }
    return settings;
  }

  /** Starts it from nothing. */
  static Rig start(Settings settings, Receivers receivers, Options options) {
    var stack = LocalStack.of(settings, Progress.SILENT);
    try {
      stack.forget();
      return new Rig(settings, LocalStack.start(settings), receivers, options);
    } catch (InterruptedException e) {
      forget(stack);
      throw new Interrupted(e);
    } catch (RuntimeException e) {
      forget(stack);
      throw e;
    }
  }

  Events events() {
    return events;
  }

  Receivers receivers() {
    return receivers;
  }

  Database database() {
    return database;
  }

  Worker worker(int number) {
    return new Worker(stack.part("worker-" + number));
  }

  boolean hasWorker(int number) {
    return stack.running().stream().anyMatch(part -> part.part().equals("worker-" + number));
  }

  /** The wall clock in µs, as the sink reads it. */
  long micros() {
    return micros(clock.instant());
  }

  static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  /** Ends it in good order, unless it has ended. */
  void stopWorker(int number) {
    try {
      if (hasWorker(number)) {
        worker(number).process().end(Signal.TERM, STOPPED);
      }
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }

  /** Ends it without warning. */
  void killWorker(int number) {
    try {
      worker(number).process().kill();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }

  /** User and system time of every part and of the sink so far, in steps of 10 ms. */
  Map<String, Duration> cpu() {
    var cpu = new LinkedHashMap<String, Duration>();
    stack.running().forEach(part -> cpu.put(part.part(), cpu(part.pid())));
    cpu.put("sink", cpu(receivers.pid()));
    return cpu;
  }

  /** With its children: PostgreSQL works in those. */
  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Publishes destinations from one number to before another, all of one kind. */
  void load(int from, int to, String path, RetryPolicy retry) {
    for (int number = from; number < to; number++) {
      snapshots.publish(number, receivers.url(number, path), retry);
    }
    events.flush();
  }

  /** Publishes one destination, which can be forgotten. */
  DestinationId load(int number, String path) {
    var id = snapshots.publish(number, receivers.url(number, path), RetryPolicy.DEFAULT);
    events.flush();
    return id;
  }

  /** Deletes a destination, and from Kafka all that is parked. */
  void forget(DestinationId id) {
    snapshots.delete(id);
    events.flush();
    broker.forgetParked();
  }

  /** Starts what does not run, its workers with these variables. */
  void restore(Map<String, String> variables) {
    var changed = settings;
    for (var variable : variables.entrySet()) {
      changed = changed.with(variable.getKey(), variable.getValue());
    }
    stack = LocalStack.of(changed, Progress.SILENT);
    try {
      stack.restore();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }

  /** Waits until the sink has seen that many requests in all. */
  Receivers.Progress awaitArrivals(long count, Duration limit) {
    Await.until(count + " requests", INTERVAL, limit, () -> receivers.progress().count() >= count);
    return receivers.progress();
  }

  /** Waits until all that has been reported by now is recorded. */
  void awaitRecorder(Duration limit) {
    var reported = broker.reported();
    Await.until("the recorder's end", INTERVAL, limit, () -> broker.areRecorded(reported));
  }

  /** Waits until PostgreSQL has that many good ends in all. */
  void awaitRecorded(long count, Duration limit) {
    Await.until(
        count + " recorded",
        INTERVAL,
        limit,
        () -> {
          awaitRecorder(limit);
          return database.delivered() >= count;
        });
  }

  private static void forget(LocalStack stack) {
    try {
      stack.forget();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }

  /** Takes its time even after Ctrl-C: nothing is left behind. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (broker;
        database;
        events) {
      forget(stack);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
