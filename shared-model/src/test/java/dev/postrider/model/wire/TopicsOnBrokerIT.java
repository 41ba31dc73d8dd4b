// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.test.TestKafka;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicsOnBrokerIT {

  private static final Topics TOPICS = new Topics(3, 1, RetryTiers.DEFAULT);

  private final Admin admin =
      Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()));
  private final TopicsOnBroker onBroker = new TopicsOnBroker(admin);

  @BeforeEach
  void createTopics() throws Exception {
    onBroker.ensure(TOPICS);
  }

  @AfterEach
  void deleteTopics() throws Exception {
    admin.deleteTopics(names()).all().get();
    await().until(() -> admin.listTopics().names().get().isEmpty());
    admin.close();
  }

  @Test
  void k15CreatesEveryTopicOnceAndAcceptsItsOwnWork() throws Exception {
    onBroker.ensure(TOPICS);

    assertThat(admin.listTopics().names().get()).containsAll(names()).hasSize(17);
  }

  @Test
  void k15RefusesAnotherPartitionCount() {
    assertThatThrownBy(() -> onBroker.ensure(new Topics(4, 1, RetryTiers.DEFAULT)))
        .isInstanceOf(UnfitTopicsException.class)
        .hasMessageContaining("postrider.outcomes has 3 partitions, configured are 4");
  }

  @Test
  void k11RefusesARetryTierThatForgetsWhatItHolds() throws Exception {
    set("postrider.deliveries.retry.6h", "retention.ms", "60000");

    assertRefused("postrider.deliveries.retry.6h keeps records for 60000 ms");
  }

  @Test
  void k15CreatesATopicAgainThatWasDeleted() throws Exception {
    admin.deleteTopics(List.of("postrider.deliveries.retry.30s")).all().get();
    await()
        .until(() -> !admin.listTopics().names().get().contains("postrider.deliveries.retry.30s"));

    onBroker.ensure(TOPICS);

    assertThat(admin.listTopics().names().get()).contains("postrider.deliveries.retry.30s");
  }

  @Test
  void refusesDestinationsThatAreNotCompacted() throws Exception {
    set("postrider.destinations", "cleanup.policy", "delete");

    assertRefused("postrider.destinations must have cleanup.policy=compact");
  }

  /** The broker shows a changed configuration a moment later. */
  private void assertRefused(String message) {
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> onBroker.ensure(TOPICS))
                    .isInstanceOf(UnfitTopicsException.class)
                    .hasMessageContaining(message));
  }

  private void set(String topic, String key, String value) throws Exception {
    Collection<AlterConfigOp> change =
        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), change))
        .all()
        .get();
  }

  private static List<String> names() {
    return TOPICS.table().stream().map(Topics.Topic::name).toList();
  }
}
