// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.kafka;

import dev.postrider.local.process.FreePorts;
import dev.postrider.local.process.Java;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Part.Port;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/** Makes the broker's files when there are none, and starts it. */
public final class Broker {

  private static final String NAME = "kafka";
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "-Xmn192m",
          "-XX:+UseSerialGC",
          "-XX:MaxTenuringThreshold=2",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseTransparentHugePages",
          "-Dlogback.configurationFile=logback-kafka.xml");

  private final Java java;
  private final Path directory;
  private final Port port;

  private Broker(Java java, Path directory, Port port) {
    this.java = java;
    this.directory = directory;
    this.port = port;
  }

  /** The broker on the given port, with its files in the given directory. */
  public static Part part(Java java, Path directory, Port port) {
    var broker = new Broker(java, directory, port);
    var probe = new BrokerProbe("127.0.0.1:" + port.number());
    return new Part(NAME, List.of(port), Set.of(), broker::prepare, probe, Signal.TERM);
  }

  private ProcessBuilder prepare() throws IOException {
    Files.createDirectories(directory);
    var properties = directory.resolve("server.properties");
    Files.writeString(properties, properties());
    if (!Files.exists(log().resolve("meta.properties"))) {
      format(properties);
    }
    return java.mainClass(NAME, OPTIONS, "kafka.Kafka", properties.toString());
  }

  private static void format(Path properties) throws IOException {
    var format =
        new Java(Optional.empty())
            .mainClass(
                NAME,
                OPTIONS,
                "kafka.tools.StorageTool",
                "format",
                "--config=" + properties,
                "--cluster-id=" + Uuid.randomUuid());
    Tool.run(format, "");
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** The controller's port is nobody's business and may differ from start to start. */
  private String properties() {
    return """
    node.id=1
    process.roles=broker,controller
    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
    advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
    controller.listener.names=CONTROLLER
    controller.quorum.voters=1@127.0.0.1:%2$d
    log.dirs=%3$s

    auto.create.topics.enable=false
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=8
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    transaction.state.log.num.partitions=8
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    share.coordinator.state.topic.num.partitions=8

    # A worker that is killed gives up its partitions within seconds.
    group.initial.rebalance.delay.ms=0
    group.min.session.timeout.ms=1000
    group.consumer.min.session.timeout.ms=1000
    group.consumer.min.heartbeat.interval.ms=200

    # So does a broker that is killed: it cannot come back before its last session is over.
    broker.session.timeout.ms=3000
    broker.heartbeat.interval.ms=500

    # A laptop, not a data centre.
    num.network.threads=1
    socket.send.buffer.bytes=-1
    socket.receive.buffer.bytes=-1
    num.io.threads=2
    log.segment.bytes=134217728
    log.cleaner.dedupe.buffer.size=16777216
    """
        .formatted(port.number(), FreePorts.any(), log());
  }
}
