// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.kafka.support.SendResult;

/** Sends by way of a producer whose broker does not answer, while a test says so. */
@TestConfiguration(proxyBeanMethods = false)
public class CuttableKafka {

  private static volatile boolean cut;

  public static void cut() {
    cut = true;
  }

  public static void mend() {
    cut = false;
  }

  @Bean
  KafkaTemplate<byte[], byte[]> cuttable(ProducerFactory<byte[], byte[]> producers) {
    Map<String, Object> settings = new HashMap<>(producers.getConfigurationProperties());
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    KafkaTemplate<byte[], byte[]> nowhere =
        new KafkaTemplate<>(
            new DefaultKafkaProducerFactory<>(
                settings, new ByteArraySerializer(), new ByteArraySerializer()));
    nowhere.setProducerListener(new ProducerListener<>() {});
    return new KafkaTemplate<>(producers) {
      @Override
      public CompletableFuture<SendResult<byte[], byte[]>> send(
          ProducerRecord<byte[], byte[]> record) {
        return cut ? nowhere.send(record) : super.send(record);
      }
    };
  }
}
