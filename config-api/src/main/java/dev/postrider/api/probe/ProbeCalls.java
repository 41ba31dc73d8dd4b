// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.probe;

import dev.postrider.api.kafka.KafkaSettings;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Probe;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.ProbeCodec;
import dev.postrider.model.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.context.annotation.DependsOn;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.KafkaReplyTimeoutException;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Asks the workers, one of which answers. Every instance reads all answers, and takes its own. */
@Component
@DependsOn("topicsChecked")
final class ProbeCalls implements AutoCloseable {

  /** Until the answer must be there; a destination's own timeout may be longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(14);

  /** Of the request to the receiver, so that its failure is an answer and not silence. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(12);

  private final ReplyingKafkaTemplate<byte[], byte[], byte[]> workers;
  private final Clock clock;

  ProbeCalls(KafkaSettings settings, ProducerFactory<byte[], byte[]> producers, Clock clock) {
    this.workers = new ReplyingKafkaTemplate<>(producers, replies(settings.kafka()));
    this.clock = clock;
    workers.setSharedReplyTopic(true);
    workers.afterPropertiesSet();
    workers.start();
  }

  private static KafkaMessageListenerContainer<byte[], byte[]> replies(String bootstrapServers) {
    ContainerProperties properties = new ContainerProperties(Topics.PROBE_REPLIES);
    properties.setGroupId("postrider-probe-" + UUID.randomUUID());
    return new KafkaMessageListenerContainer<>(
        new DefaultKafkaConsumerFactory<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "latest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer()),
        properties);
  }

  /** Fails with a 503 when no worker answers in time. */
  Mono<Report> send(Destination destination, EventDraft event) {
    Instant now = clock.instant();
    Destination hasty = destination.with(destination.request().within(LONGEST_ATTEMPT));
    Delivery delivery = Delivery.first(event.at(new EventId(now, 0, 0)), destination.id());
    Probe probe = new Probe(hasty, delivery, now.plus(PATIENCE));
    // Without metadata send() blocks.
    return Mono.fromCallable(() -> workers.sendAndReceive(ProbeCodec.write(probe, now), PATIENCE))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(Mono::fromFuture)
        .map(reply -> ModelJson.readReport(reply.value()))
        .onErrorMap(ProbeCalls::unanswered);
  }

  private static Problem unanswered(Throwable fault) {
    return Problem.unavailable(
        fault instanceof KafkaReplyTimeoutException
            ? "no worker has answered within " + PATIENCE.toSeconds() + " seconds"
            : "Kafka is away; no worker could be asked",
        fault);
  }

  /** Stops listening for answers. */
  @Override
  public void close() {
    workers.destroy();
  }
}
