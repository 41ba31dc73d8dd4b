// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.util.Map;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A broker for the tests of this JVM, started at the first question: in a container where a Docker
 * engine answers, else embedded. Tests cannot tell which.
 */
public final class TestKafka {

  private static final String IMAGE = "apache/kafka:4.2.1";

  private TestKafka() {}

  /** Bootstrap servers of the running broker. */
  public static String bootstrapServers() {
    return Running.BOOTSTRAP_SERVERS;
  }

  private static final class Running {
    static final String BOOTSTRAP_SERVERS =
        DockerClientFactory.instance().isDockerAvailable() ? inContainer() : embedded();

    private static String inContainer() {
      KafkaContainer container =
          new KafkaContainer(IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
      container.start();
      return container.getBootstrapServers();
    }

    private static String embedded() {
      EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);
      broker.brokerProperties(
          Map.of(
              "auto.create.topics.enable", "false",
              "group.initial.rebalance.delay.ms", "0",
              "group.min.session.timeout.ms", "1000"));
      broker.afterPropertiesSet();
      return broker.getBrokersAsString();
    }
  }
}
