// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.postrider.local.Home;
import dev.postrider.local.LocalStack;
import dev.postrider.local.Settings;
import dev.postrider.local.process.Directories;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Progress;
import dev.postrider.local.process.Running;
import dev.postrider.local.service.Service;
import dev.postrider.test.StubNameServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A stack with three workers, whose parts tests may kill, stop and freeze. Started at the first
 * question, shared by all tests of a run, repaired before each load.
 */
final class Fleet implements AutoCloseable {

  static final List<String> WORKERS = List.of("worker-1", "worker-2", "worker-3");

  /** Where an operator lets everybody go, and nobody gets to. */
  static final String UNREACHABLE = "255.255.255.255";

  private Settings settings;
  private LocalStack stack;
  private final Collector collector = new Collector();
  private final StubNameServer names = new StubNameServer();
  private final Api api;
  private final Platform platform;

  private Fleet(Path directory) throws IOException, InterruptedException {
    this.settings =
        TestSettings.withJavaOptions(TestSettings.in(directory), traced())
            .with("POSTRIDER_WORKERS", "" + WORKERS.size())
            .with("POSTRIDER_PARTITIONS", "6")
            .with("POSTRIDER_NAME_SERVERS", "127.0.0.1:" + names.address().getPort())
            .with("POSTRIDER_EGRESS_ALLOW", "127.0.0.1/32," + UNREACHABLE + "/32");
    this.stack = LocalStack.start(settings);
    leaveArchives();
    this.api = new Api(stack, "acme");
    this.platform = new Platform(stack, "acme");
  }

  static Fleet in(Path directory) throws IOException, InterruptedException {
    return new Fleet(directory);
  }

  /** Who ends in good order leaves what lets all who are killed later start in half the time. */
  private void leaveArchives() throws InterruptedException {
    List.of("config-api", WORKERS.getFirst()).parallelStream().forEach(this::end);
    stack.restore();
  }

  /** Nothing is traced but what somebody else traces already. */
  private String traced() {
    String export = " -Dmanagement.opentelemetry.tracing.export.";
    return "-Dmanagement.tracing.sampling.probability=0"
        + export
        + "schedule-delay=100ms"
        + export
        + "otlp.endpoint="
        + collector.url();
  }

  LocalStack stack() {
    return stack;
  }

  /** Where everybody's spans go. */
  Collector collector() {
    return collector;
  }

  /** Whom config-api and workers ask for names: there are none but those that a test tells it. */
  StubNameServer names() {
    return names;
  }

  /** Where all is that the stack writes: data and logs. */
  Path directory() {
    return settings.home().data().getParent();
  }

  Api api() {
    return api;
  }

  Platform platform() {
    return platform;
  }

  /** Destinations of their own and a receiver for them; everything works when this returns. */
  Load load(int destinations, String moreSettings) throws InterruptedException {
    stack.restore();
    return new Load(this, destinations, moreSettings);
  }

  /** A second config-api beside the first, with the same Kafka, PostgreSQL, issuer and keyset. */
  LocalStack anotherApi(Path directory) throws IOException, InterruptedException {
    Home home = Home.of(Path.of("../..")).at(directory);
    Files.createDirectories(home.keyset().getParent());
    Files.copy(settings.home().keyset(), home.keyset(), StandardCopyOption.COPY_ATTRIBUTES);
    Map<String, String> first = stack.environment();
    Settings beside =
        TestSettings.in(directory)
            .with("POSTRIDER_PARTITIONS", settings.environment().get("POSTRIDER_PARTITIONS"))
            .with("POSTRIDER_KAFKA", first.get("POSTRIDER_KAFKA"))
            .with("POSTRIDER_POSTGRES", first.get("POSTRIDER_POSTGRES"))
            .with("POSTRIDER_ISSUER_PORT", settings.environment().get("POSTRIDER_ISSUER_PORT"))
            .without("worker", "issuer", "receiver");
    return LocalStack.start(beside);
  }

  /** Stops a part in good order and starts it again. */
  void restart(String part) throws InterruptedException {
    end(part);
    stack.restore();
  }

  /** Everything works when this returns, and the worker will halt at the given place. */
  void restoreToCrashAt(String worker, String place) throws InterruptedException {
    if (runs(worker)) {
      end(worker);
    }
    String options = TestSettings.QUICK_JVM + " -Dpostrider.crash-at=" + place;
    restore(settings.with("POSTRIDER_WORKER_JAVA_OPTS", options));
  }

  /** Starts what does not run, less a part. */
  void restoreWithout(String part) throws InterruptedException {
    restore(settings.without(part));
  }

  private static void restore(Settings settings) throws InterruptedException {
    LocalStack.of(settings, Progress.SILENT).restore();
  }

  /** What is started from now on is told of that many partitions. */
  void tellOfPartitions(int count) {
    settings = settings.with("POSTRIDER_PARTITIONS", "" + count);
    stack = LocalStack.of(settings, Progress.SILENT);
  }

  /** How a command ended, and what it printed. */
  record Ended(int status, String printed) {}

  /** Gives the worker's {@code repartition} command, with more options for its JVM. */
  Ended repartition(String... options) throws IOException, InterruptedException {
    Path programs = Path.of("target/programs").toAbsolutePath();
    Map<String, String> environment =
        Map.of(
            "POSTRIDER_KAFKA", stack.environment().get("POSTRIDER_KAFKA"),
            "POSTRIDER_PARTITIONS", settings.environment().get("POSTRIDER_PARTITIONS"));
    ProcessBuilder command =
        new Service(Path.of("../../delivery-worker"), programs)
            .launch("repartition", List.of(options), environment)
            .prepare()
            .redirectErrorStream(true);
    command.command().add("repartition");
    Process process = command.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    System.out.print(printed);
    return new Ended(process.waitFor(), printed);
  }

  /** Stops a part in good order. */
  void end(String part) {
    try {
      stack.part(part).end(Signal.TERM, Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until workers have committed all that was published. */
  void awaitEventsSettled() {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.environment().get("POSTRIDER_KAFKA")))) {
      await().atMost(Duration.ofSeconds(60)).until(() -> eventsHaveSettled(admin));
    }
  }

  private static boolean eventsHaveSettled(Admin admin) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets("postrider-dispatch").partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, OffsetSpec> events =
        committed.keySet().stream()
            .filter(partition -> partition.topic().equals("postrider.events"))
            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
    return admin.listOffsets(events).all().get().entrySet().stream()
        .allMatch(end -> committed.get(end.getKey()).offset() >= end.getValue().offset());
  }

  /** What all workers tell of themselves now. */
  Scrape scrape() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String worker : WORKERS) {
      all.append(Scrape.of(management(worker)).text());
    }
    return new Scrape(all.toString());
  }

  /** Where a worker answers operators. */
  String management(String worker) {
    return "http://127.0.0.1:" + stack.part(worker).port();
  }

  Path log(String part) {
    return settings.home().logs().resolve(part + ".log");
  }

  /** How often partitions were handed out, by the workers' logs. */
  long assignments() throws IOException {
    long lines = 0;
    for (String worker : WORKERS) {
      try (Stream<String> log = Files.lines(log(worker))) {
        lines += log.filter(line -> line.contains("serving partitions")).count();
      }
    }
    return lines;
  }

  boolean runs(String part) {
    return stack.running().stream().anyMatch(running -> running.part().equals(part));
  }

  /** Lets a part stand still, as a paused machine does, until it is told to go on. */
  void freeze(String part) {
    freeze(stack.part(part));
  }

  void thaw(String part) {
    thaw(stack.part(part));
  }

  static void freeze(Running part) {
    signal(part, "-STOP");
  }

  static void thaw(Running part) {
    signal(part, "-CONT");
  }

  private static void signal(Running part, String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(part.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets time go by. */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(time.plusSeconds(5)).until(() -> System.nanoTime() > end);
  }

  /** Ends everything and keeps the logs. */
  @Override
  public void close() {
    platform.close();
    stack.close();
    collector.close();
    names.close();
    try {
      Directories.delete(settings.home().data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands the one fleet of the run to every test that asks for it. */
  static final class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
      return parameter.getParameter().getType() == Fleet.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
      return in(test);
    }

    static Fleet in(ExtensionContext test) {
      return test.getRoot()
          .getStore(ExtensionContext.Namespace.create(Fleet.class))
          .computeIfAbsent(Fleet.class, _ -> started(), Fleet.class);
    }

    private static Fleet started() {
      try {
        return Fleet.in(Files.createTempDirectory(Path.of("target"), "fleet"));
      } catch (IOException | InterruptedException e) {
        throw new AssertionError("the stack does not start", e);
      }
    }
  }
}
