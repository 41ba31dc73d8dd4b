// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.process.PartFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** What {@code deploy/bench} runs: {@code Bench CHECKOUT SCENARIO [options]}. */
final class Bench {

  private static final Duration LETTING_GO = Duration.ofSeconds(60);

  private static final Map<String, Scenario> SCENARIOS = scenarios();

  private final Path checkout;
  private final Options options;

  private Bench(Path checkout, Options options) {
    this.checkout = checkout;
    this.options = options;
  }

  private static Map<String, Scenario> scenarios() {
    var scenarios = new LinkedHashMap<String, Scenario>();
    scenarios.put("throughput", new Throughput());
    scenarios.put("latency", new Latency());
    scenarios.put("isolation", new Isolation());
    scenarios.put("wheel", new Wheel());
    scenarios.put("destinations", new Destinations());
    scenarios.put("backlog", new Backlog());
    scenarios.put("failover", new Failover());
    scenarios.put("startup", new Startup());
    return scenarios;
  }

  static void main(String[] arguments) {
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> letGo(main)));
    // No exit: that would wait for the hook, which waits for this thread.
    Runtime.getRuntime().halt(status(List.of(arguments)));
  }

  private static int status(List<String> arguments) {
    try {
      var options = Options.parse(arguments.subList(1, arguments.size()));
      new Bench(Path.of(arguments.getFirst()), options).run();
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE.formatted(String.join(", ", SCENARIOS.keySet())));
      return 2;
    } catch (PartFailure | IllegalStateException | KafkaException | Interrupted e) {
      System.err.println("The benchmark did not come to its end: " + e.getMessage());
      return 1;
    }
  }

  /** Ctrl-C: the main thread stops what it has started, on its way out. */
  private static void letGo(Thread main) {
    main.interrupt();
    try {
      main.join(LETTING_GO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    if (options.scenario().equals("all")) {
      SCENARIOS.keySet().forEach(name -> run(name, options.json().map(json -> named(json, name))));
    } else {
      run(options.scenario(), options.json());
    }
  }

  private static Path named(Path json, String scenario) {
    var name = json.getFileName().toString().replaceFirst("\\.json$", "");
    return json.resolveSibling("%s-%s.json".formatted(name, scenario));
  }

  private void run(String name, Optional<Path> json) {
    var scenario = SCENARIOS.get(name);
    if (scenario == null) {
      throw new IllegalArgumentException("There is no scenario '%s'".formatted(name));
    }
    try (var receivers = Receivers.start()) {
      var machine = Machine.here();
      Progress.tell("%s: the bare client".formatted(name));
      var bare = Bare.measure(receivers, options);
      Progress.tell("%s: the stack".formatted(name));
      var recording = new FlightRecording(checkout.resolve("deploy/benchmark/target/worker.jfr"));
      var report =
          new Report(
              name, machine, options.payload(), bare, run(scenario, receivers, bare, recording));
      System.out.println(report.table());
      if (options.jfr()) {
        System.out.println(recording.summary());
      }
      json.ifPresent(file -> report.write(file).forEach(System.out::println));
    }
  }

  private Scenario.Result run(
      Scenario scenario, Receivers receivers, Bare bare, FlightRecording recording) {
    var settings = scenario.prepare(Rig.settings(checkout));
    var recorded =
        options.jfr()
            ? settings.with("POSTRIDER_WORKER_JAVA_OPTS", recording.javaOptions())
            : settings;
    try (var rig = Rig.start(recorded, receivers, options)) {
      var result = scenario.run(rig, bare, options);
      if (options.jfr()) {
        rig.worker(1).writeRecording(recording.file());
      }
      return result;
    }
  }
}
