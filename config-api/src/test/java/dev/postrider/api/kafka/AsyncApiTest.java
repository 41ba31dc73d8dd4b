// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AsyncApiTest {

  private static final Topics TOPICS =
      new Topics(12, 3, RetryTiers.of(List.of(Duration.ofSeconds(1), Duration.ofHours(6))));

  private final JsonNode document =
      JsonMapper.shared().valueToTree(new Yaml().<Object>load(AsyncApi.written(TOPICS)));

  @Test
  void isAnAsyncApiDocument() throws IOException {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    try (InputStream schema = getClass().getResourceAsStream("/contract/asyncapi-3.0.json")) {
      assertThat(registry.getSchema(schema, InputFormat.JSON).validate(document)).isEmpty();
    }
  }

  @Test
  void namesExactlyTheTopicsThatThereAre() {
    assertThat(document.get("channels").values())
        .extracting(channel -> channel.get("address").stringValue())
        .containsExactlyInAnyOrderElementsOf(
            TOPICS.table().stream().map(Topics.Topic::name).toList());
  }

  @Test
  void saysHowEachIsKept() {
    for (Topics.Topic topic : TOPICS.table()) {
      String key = topic.name().substring("postrider.".length()).replace('.', '-');
      JsonNode kafka = document.at("/channels/" + key + "/bindings/kafka");
      JsonNode kept = kafka.get("topicConfiguration");

      assertThat(kafka.get("topic").stringValue()).isEqualTo(topic.name());
      assertThat(kafka.get("partitions").intValue()).isEqualTo(12);
      assertThat(kafka.get("replicas").intValue()).isEqualTo(3);
      assertThat(kept.at("/cleanup.policy/0").stringValue())
          .isEqualTo(topic.retention() == null ? "compact" : "delete");
      assertThat(kept.path("retention.ms").asLong(0))
          .isEqualTo(topic.retention() == null ? 0 : topic.retention().toMillis());
    }
  }

  @Test
  void asksForTheTenantInBothModes() {
    assertThat(document.at("/components/messages/binaryCloudEvent/headers/required").values())
        .extracting(JsonNode::stringValue)
        .contains("ce_tenantid");
    assertThat(document.at("/components/messages/structuredCloudEvent/payload/required").values())
        .extracting(JsonNode::stringValue)
        .contains("tenantid");
  }

  @Test
  void refersToNothingThatIsNotThere() {
    assertThat(document.findValuesAsString("$ref"))
        .isNotEmpty()
        .allMatch(reference -> !document.at(reference.substring(1)).isMissingNode());
  }
}
