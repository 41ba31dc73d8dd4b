// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.kafka;

import dev.postrider.api.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Writes records and tells when Kafka has them, on all its in-sync replicas. */
public final class RecordWriter {

  private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
  private static final Duration LONGEST = Duration.ofMillis(2800);

  private final KafkaTemplate<byte[], byte[]> template;
  private final AtomicBoolean away = new AtomicBoolean();

  RecordWriter(KafkaTemplate<byte[], byte[]> template) {
    this.template = template;
  }

  /**
   * Writes them in order; done when each is acknowledged. Fails with a 503 after at most 2.8 s, and
   * then any of them may be stored or not.
   */
  public Mono<List<RecordMetadata>> write(List<ProducerRecord<byte[], byte[]>> records) {
    // Without metadata or buffer space send() blocks, for up to max.block.ms.
    return Mono.fromCallable(() -> send(records))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(Mono::fromFuture)
        .timeout(LONGEST)
        .doOnNext(_ -> noteSuccess())
        .doOnError(this::noteFailure)
        .onErrorMap(e -> Problem.unavailable("Kafka is away; nothing was confirmed", e));
  }

  private void noteSuccess() {
    if (away.compareAndSet(true, false)) {
      LOG.info("Kafka confirms records again");
    }
  }

  /** Once, however many callers hear of it. */
  private void noteFailure(Throwable thrown) {
    if (away.compareAndSet(false, true)) {
      LOG.warn("Kafka confirms no records until this is over: {}", thrown.toString());
    }
  }

  private CompletableFuture<List<RecordMetadata>> send(
      List<ProducerRecord<byte[], byte[]>> records) {
    List<CompletableFuture<SendResult<byte[], byte[]>>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      CompletableFuture<SendResult<byte[], byte[]>> next = template.send(record);
      sent.add(next);
      if (next.isCompletedExceptionally()) {
        break; // the others would block as long each, for nothing
      }
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .thenApply(_ -> sent.stream().map(each -> each.join().getRecordMetadata()).toList());
  }
}
