// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import static org.apache.kafka.clients.CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.TopicsOnBroker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.MicrometerProducerListener;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.ProducerListener;

/** The clients, with the times that keep an answer within three seconds while Kafka is away. */
@Configuration(proxyBeanMethods = false)
class Kafka {

  private static final Logger LOG = LoggerFactory.getLogger(Kafka.class);

  /** Proof that the topics are fit; whoever reads or writes them asks for it. */
  record Checked(int partitions) {}

  @Bean
  Checked topicsChecked(KafkaSettings settings) throws InterruptedException, ExecutionException {
    Map<String, Object> client = Map.of(BOOTSTRAP_SERVERS_CONFIG, settings.kafka());
    try (Admin admin = Admin.create(client)) {
      new TopicsOnBroker(admin).ensure(settings.topics());
    }
    LOG.info("Kafka at {}, topics are fit", settings.kafka());
    return new Checked(settings.partitions());
  }

  @Bean
  ProducerFactory<byte[], byte[]> producers(KafkaSettings settings, MeterRegistry meters) {
    DefaultKafkaProducerFactory<byte[], byte[]> producers =
        new DefaultKafkaProducerFactory<>(
            producerSettings(settings.kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producers.addListener(new MicrometerProducerListener<>(meters));
    return producers;
  }

  /** In milliseconds: at most 1000 to find the broker and 1600 to hear from it. */
  static Map<String, Object> producerSettings(String bootstrapServers) {
    return Map.of(
        BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ProducerConfig.CLIENT_ID_CONFIG,
        "config-api",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        1000,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        1500,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        1600,
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        ProducerConfig.METADATA_MAX_AGE_CONFIG,
        (int) Topics.CHANGES_SEEN_WITHIN.toMillis(),
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        1024 * 1024);
  }

  @Bean
  @ConditionalOnMissingBean
  KafkaTemplate<byte[], byte[]> template(
      ProducerFactory<byte[], byte[]> producers, Checked topics) {
    return new KafkaTemplate<>(producers);
  }

  @Bean
  RecordWriter recordWriter(KafkaTemplate<byte[], byte[]> template) {
    template.setProducerListener(new ProducerListener<>() {}); // the usual one logs payloads
    getReady(template);
    return new RecordWriter(template);
  }

  /** Or who publishes first would wait for the producer to find the topic, perhaps in vain. */
  private static void getReady(KafkaTemplate<byte[], byte[]> template) {
    try {
      template.partitionsFor(Topics.EVENTS);
    } catch (KafkaException e) {
      LOG.debug("a topic that is new takes a little longer: {}", e.toString());
    }
  }

  @Bean
  RecordReader recordReader(KafkaSettings settings, Checked topics) {
    return new RecordReader(readers(settings));
  }

  private static ConsumerFactory<byte[], byte[]> readers(KafkaSettings settings) {
    return new DefaultKafkaConsumerFactory<>(readerSettings(settings.kafka()));
  }

  /** Of whoever reads from where it is told to, and belongs to no group. */
  static Map<String, Object> readerSettings(String bootstrapServers) {
    return Map.of(
        BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        1,
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        2000,
        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        2000);
  }
}
