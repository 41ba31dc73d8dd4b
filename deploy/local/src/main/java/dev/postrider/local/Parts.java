// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static java.util.Comparator.comparingInt;

import dev.postrider.local.Settings.Variable;
import dev.postrider.local.issuer.Issuer;
import dev.postrider.local.kafka.Broker;
import dev.postrider.local.kafka.BrokerProbe;
import dev.postrider.local.postgres.Database;
import dev.postrider.local.postgres.DatabaseProbe;
import dev.postrider.local.process.FreePorts;
import dev.postrider.local.process.Java;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Part.Port;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.PartFailure;
import dev.postrider.local.process.PidFile;
import dev.postrider.local.process.Probe;
import dev.postrider.local.process.Running;
import dev.postrider.local.receiver.Receiver;
import dev.postrider.local.service.Service;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of parts: which there are, on which ports, with which environment. */
final class Parts {

  static final String WORKER = "worker-";

  private static final String PARTITIONS = "POSTRIDER_PARTITIONS";
  private static final Duration SUPPLIED_LIMIT = Duration.ofSeconds(10);

  /** The order in which the contract names them. */
  static final Comparator<Running> ORDER =
      comparingInt((Running running) -> rank(running.part())).thenComparing(Running::part);

  private final Settings settings;
  private final PidFile pids;

  Parts(Settings settings, PidFile pids) {
    this.settings = settings;
    this.pids = pids;
  }

  private static int rank(String part) {
    return switch (part) {
      case "config-api" -> 0;
      case "kafka" -> 2;
      case "postgres" -> 3;
      case "issuer" -> 4;
      case "receiver" -> 5;
      default -> 1;
    };
  }

  /** Those that use others end before them. */
  static boolean usesOthers(String part) {
    return part.equals("config-api") || part.startsWith(WORKER);
  }

  static Signal stopSignal(String part) {
    return part.equals("postgres") ? Signal.INT : Signal.TERM;
  }

  /** Every part to be started here, each after those it needs. */
  List<Part> inOrder() throws IOException {
    var parts = new ArrayList<Part>();
    if (settings.suppliedKafka().isEmpty()) {
      parts.add(Broker.part(java(), settings.home().data().resolve("kafka"), port(Variable.KAFKA)));
    }
    if (settings.suppliedPostgres().isEmpty()) {
      parts.add(postgres());
    }
    parts.add(Issuer.part(java(), port(Variable.ISSUER), issuerEnvironment()));
    parts.add(Receiver.part(java(), port(Variable.RECEIVER)));
    parts.add(configApi());
    parts.addAll(workers());
    parts.removeIf(part -> settings.leavesOut(part.name()));
    return parts;
  }

  /** Refuses to go on when what was supplied from outside does not answer. */
  void requireSupplied() throws InterruptedException {
    if (settings.suppliedKafka().isPresent()) {
      requireAnswer("POSTRIDER_KAFKA", new BrokerProbe(settings.kafka()));
    }
    if (settings.suppliedPostgres().isPresent()) {
      requireAnswer("POSTRIDER_POSTGRES", new DatabaseProbe(settings.postgres()));
    }
  }

  private static void requireAnswer(String variable, Probe probe) throws InterruptedException {
    if (!probe.worksWithin(SUPPLIED_LIMIT, () -> true)) {
      throw new PartFailure(
          "%s is set, so that nothing is started for it here, but what it names does not answer."
              .formatted(variable));
    }
  }

  private Part postgres() {
    var data = settings.home().data().resolve("postgres");
    var programs = settings.home().programs();
    return Database.part(programs, data, port(Variable.POSTGRES), settings.postgres());
  }

  private Part configApi() {
    var management = port(Variable.API_MANAGEMENT);
    var service = service("config-api");
    var options = settings.javaOptions("POSTRIDER_API_JAVA_OPTS");
    return new Part(
        "config-api",
        List.of(port(Variable.API), management),
        Set.of("kafka", "postgres", "issuer"),
        service.launch("config-api", options, environment(Map.of())),
        ready(management),
        Signal.TERM);
  }

  private List<Part> workers() throws IOException {
    var service = service("delivery-worker");
    var options = settings.javaOptions("POSTRIDER_WORKER_JAVA_OPTS");
    var workers = new ArrayList<Part>();
    for (Port port : workerPorts()) {
      var name = WORKER + (workers.size() + 1);
      var own = environment(Map.of(port.variable(), "" + port.number()));
      var launch = service.launch(name, options, own);
      workers.add(new Part(name, List.of(port), Set.of("kafka"), launch, ready(port), Signal.TERM));
    }
    return workers;
  }

  /** The first has the port that was asked for, every further one the next that is free. */
  private List<Port> workerPorts() throws IOException {
    var taken =
        Stream.of(Variable.values())
            .map(settings::port)
            .collect(Collectors.toCollection(HashSet::new));
    var ports = new ArrayList<Port>();
    var last = settings.port(Variable.WORKER_MANAGEMENT);
    for (int number = 1; number <= settings.workers(); number++) {
      var running = pids.alive(WORKER + number);
      if (running.isPresent()) {
        last = running.get().port();
      } else if (number > 1) {
        last = FreePorts.after(last, taken);
      }
      taken.add(last);
      ports.add(new Port(Variable.WORKER_MANAGEMENT.variable(), last));
    }
    return ports;
  }

  private Java java() {
    return settings.home().java();
  }

  private Service service(String module) {
    return new Service(settings.home().checkout().resolve(module), settings.home().programs());
  }

  /** What config-api and worker read; their own ports only where they are theirs. */
  private Map<String, String> environment(Map<String, String> own) {
    var environment = new HashMap<String, String>();
    environment.put("POSTRIDER_API_PORT", "" + settings.port(Variable.API));
    environment.put("POSTRIDER_API_MANAGEMENT_PORT", "" + settings.port(Variable.API_MANAGEMENT));
    environment.put("POSTRIDER_KAFKA", settings.kafka());
    environment.put("POSTRIDER_POSTGRES", settings.postgres());
    environment.put("POSTRIDER_ISSUER", settings.issuer());
    environment.put("POSTRIDER_KEYSET_FILE", settings.home().keyset().toString());
    environment.put("POSTRIDER_EGRESS_ALLOW", settings.egressAllow());
    environment.put("POSTRIDER_ALLOW_UNSIGNED", "true");
    environment.put("POSTRIDER_PUBLIC_BASE_URL", settings.publicBaseUrl());
    for (String passedOn : List.of(PARTITIONS, "POSTRIDER_NAME_SERVERS")) {
      settings.get(passedOn).ifPresent(value -> environment.put(passedOn, value));
    }
    environment.putAll(own);
    return environment;
  }

  private Map<String, String> issuerEnvironment() {
    return Map.of(
        "POSTRIDER_ISSUER", settings.issuer(),
        "POSTRIDER_PUBLIC_BASE_URL", settings.publicBaseUrl(),
        "POSTRIDER_ISSUER_KEY_FILE", settings.home().data().resolve("issuer-key.json").toString());
  }

  private Port port(Variable which) {
    return new Port(which.variable(), settings.port(which));
  }

  private static Probe ready(Port management) {
    var path = "http://127.0.0.1:%d/actuator/health/readiness".formatted(management.number());
    return Probe.http(URI.create(path));
  }
}
