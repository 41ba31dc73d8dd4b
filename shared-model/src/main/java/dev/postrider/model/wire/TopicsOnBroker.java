// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates the topics that are missing and checks the ones that are there. */
public final class TopicsOnBroker {

  private static final long FOREVER = -1;
  private static final int MOST_LOOKS = 50;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Admin admin;

  /** Uses the client, does not close it. */
  public TopicsOnBroker(Admin admin) {
    this.admin = admin;
  }

  /**
   * Returns when every topic exists as the table wants it. Blocks; for use at start only.
   *
   * @throws UnfitTopicsException when one of the topics that share a partition count has another,
   *     or a topic is not compacted where it must be, or keeps records for less long than it must
   *     hold them
   * @throws ExecutionException when the broker refuses or does not answer
   */
  public void ensure(Topics topics) throws InterruptedException, ExecutionException {
    create(topics);
    List<String> faults = awaitVisible(topics);
    if (!faults.isEmpty()) {
      throw new UnfitTopicsException(faults);
    }
  }

  /**
   * How many partitions a topic has.
   *
   * @throws ExecutionException when there is none, or the broker does not answer
   */
  public int partitions(String topic) throws InterruptedException, ExecutionException {
    var found = admin.describeTopics(List.of(topic)).allTopicNames().get();
    return requireNonNull(found.get(topic)).partitions().size();
  }

  /** A topic that was just created is known to each broker only a little later. */
  private List<String> awaitVisible(Topics topics) throws InterruptedException, ExecutionException {
    for (int looks = 1; ; looks++) {
      try {
        return faults(topics);
      } catch (ExecutionException e) {
        if (looks == MOST_LOOKS || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        Thread.sleep(BETWEEN_LOOKS);
      }
    }
  }

  private List<String> faults(Topics topics) throws InterruptedException, ExecutionException {
    List<Topics.Topic> table = topics.table();
    List<String> names = table.stream().map(Topics.Topic::name).toList();
    Map<String, TopicDescription> found = admin.describeTopics(names).allTopicNames().get();
    Map<String, Config> configurations = configurations(names);
    List<String> faults = new ArrayList<>();
    for (Topics.Topic topic : table) {
      int count = requireNonNull(found.get(topic.name())).partitions().size();
      if (count != topics.partitions() && topics.together().contains(topic.name())) {
        faults.add(
            "%s has %d partitions, configured are %d"
                .formatted(topic.name(), count, topics.partitions()));
      }
      faults.addAll(retentionFaults(topic, requireNonNull(configurations.get(topic.name()))));
    }
    return faults;
  }

  private void create(Topics topics) throws InterruptedException, ExecutionException {
    Collection<NewTopic> wanted =
        topics.table().stream()
            .map(
                topic ->
                    new NewTopic(topic.name(), topics.partitions(), (short) topics.replicas())
                        .configs(topic.configuration()))
            .toList();
    for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
      try {
        created.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private Map<String, Config> configurations(List<String> names)
      throws InterruptedException, ExecutionException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return admin.describeConfigs(resources).all().get().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
  }

  private static List<String> retentionFaults(Topics.Topic topic, @Nullable Config configuration) {
    if (configuration == null) {
      return List.of(topic.name() + " does not show its configuration");
    }
    boolean compacted = configuration.get("cleanup.policy").value().contains("compact");
    boolean deletes = configuration.get("cleanup.policy").value().contains("delete");
    if (topic.retention() == null) {
      return compacted && !deletes
          ? List.of()
          : List.of(topic.name() + " must have cleanup.policy=compact, nothing else");
    }
    long kept = Long.parseLong(configuration.get("retention.ms").value());
    long needed = topic.shortestRetention().toMillis();
    if (compacted) {
      return List.of(topic.name() + " must have cleanup.policy=delete: it is compacted");
    }
    return kept == FOREVER || kept >= needed
        ? List.of()
        : List.of(
            "%s keeps records for %d ms, it must hold them for %d ms"
                .formatted(topic.name(), kept, needed));
  }
}
