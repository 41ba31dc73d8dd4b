// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import dev.postrider.model.wire.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The topics as an AsyncAPI document: {@code /asyncapi.yaml}. What a topic is for stands in {@code
 * asyncapi/asyncapi.yaml}; its name, partitions and retention are those of {@link Topics}.
 *
 * @see <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">AsyncAPI 3.0.0</a>
 */
@RestController
class AsyncApi {

  private static final String PREFIX = "postrider.";
  private static final String RETRY = "deliveries.retry";

  private final String document;

  AsyncApi(KafkaSettings settings) {
    this.document = written(settings.topics());
  }

  @GetMapping(path = "/asyncapi.yaml", produces = "application/yaml")
  String document() {
    return document;
  }

  static String written(Topics topics) {
    Map<String, Object> document = read();
    Map<String, Object> described = object(document, "channels");
    Map<String, Object> channels = new LinkedHashMap<>();
    Map<String, Object> operations = new LinkedHashMap<>();
    for (Topics.Topic topic : topics.table()) {
      String name = topic.name().substring(PREFIX.length());
      String key = name.replace('.', '-');
      Map<String, Object> channel =
          new LinkedHashMap<>(object(described, name.startsWith(RETRY) ? RETRY : name));
      for (String action : List.of("send", "receive")) {
        Object summary = channel.remove(action);
        if (summary != null) {
          operations.put(action + "-" + key, operation(action, key, summary));
        }
      }
      channels.put(key, channel(channel, topic, topics));
    }
    document.put("channels", channels);
    document.put("operations", operations);
    DumperOptions style = new DumperOptions();
    style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(style).dump(document);
  }

  private static Map<String, Object> operation(String action, String channel, Object summary) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("action", action);
    operation.put("channel", reference("channels", channel));
    operation.put("summary", summary);
    return operation;
  }

  private static Map<String, Object> channel(
      Map<String, Object> described, Topics.Topic topic, Topics topics) {
    Map<String, Object> messages = new LinkedHashMap<>();
    if (described.get("messages") instanceof List<?> names) {
      names.forEach(name -> messages.put(name.toString(), reference("components/messages", name)));
    }
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("address", topic.name());
    channel.putAll(described);
    channel.put("messages", messages);
    channel.put("bindings", Map.of("kafka", binding(topic, topics)));
    return channel;
  }

  private static Map<String, Object> binding(Topics.Topic topic, Topics topics) {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("cleanup.policy", List.of(topic.retention() == null ? "compact" : "delete"));
    if (topic.retention() != null) {
      kept.put("retention.ms", topic.retention().toMillis());
    }
    Map<String, Object> binding = new LinkedHashMap<>();
    binding.put("topic", topic.name());
    binding.put("partitions", topics.partitions());
    binding.put("replicas", topics.replicas());
    binding.put("topicConfiguration", kept);
    binding.put("bindingVersion", "0.5.0");
    return binding;
  }

  private static Map<String, Object> reference(String place, Object name) {
    return Map.of("$ref", "#/" + place + "/" + name);
  }

  private static Map<String, Object> read() {
    try (InputStream in = AsyncApi.class.getResourceAsStream("/asyncapi/asyncapi.yaml")) {
      return new Yaml().load(Objects.requireNonNull(in, "asyncapi.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The member, which must be there: a new topic wants to be described. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> parent, String name) {
    Object value = parent.get(name);
    if (value instanceof Map<?, ?> object) {
      return (Map<String, Object>) object;
    }
    throw new IllegalStateException("asyncapi/asyncapi.yaml must describe " + name);
  }
}
