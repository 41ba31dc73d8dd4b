// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.probe;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Probe;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.wire.ProbeCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.http.Sender;
import dev.postrider.worker.publish.Publisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads probes, each by one worker, and answers them. One that is lost in a crash is asked again by
 * the person who waits.
 */
public final class Probes {

  private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Sender sender;
  private final Publisher publisher;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * Reads as a member of the group {@code postrider-probe}.
   *
   * @param sender of its own, which ends with this
   */
  public Probes(String bootstrapServers, Sender sender, Publisher publisher, InstantSource clock) {
    this.sender = sender;
    this.publisher = publisher;
    this.clock = clock;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "postrider-probe",
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                6000,
                "heartbeat.interval.ms",
                1500,
                "metadata.max.age.ms",
                (int) Topics.CHANGES_SEEN_WITHIN.toMillis()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().daemon().name("probes").unstarted(this::read);
  }

  /** Starts to answer. */
  public void start() {
    consumer.subscribe(List.of(Topics.PROBES));
    thread.start();
  }

  private void read() {
    while (!stopped) {
      try {
        consumer.poll(POLL).forEach(this::answer);
      } catch (WakeupException e) {
        LOG.debug("probes are asked to stop");
      } catch (KafkaException e) {
        LOG.warn("cannot read probes, trying again: {}", e.toString());
        pause();
      }
    }
    consumer.close();
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    try {
      Probe probe = ProbeCodec.read(record);
      Instant now = clock.instant();
      if (now.isBefore(probe.expires())) {
        sender.send(
            sender.ready(probe.destination(), now),
            probe.delivery(),
            now,
            attempt -> reply(record, probe, attempt));
      }
    } catch (RuntimeException e) {
      // Whatever is wrong with one probe, the others must be answered.
      LOG.error("probes-{} at {}: {}", record.partition(), record.offset(), e.toString());
    }
  }

  private void reply(ConsumerRecord<byte[], byte[]> record, Probe probe, Attempt attempt) {
    DeliveryState state =
        attempt.outcome() instanceof Outcome.Accepted
            ? DeliveryState.DELIVERED
            : DeliveryState.FAILED;
    Report report =
        Report.of(probe.delivery(), attempt, new Decision.Finished(state), clock.instant());
    publisher
        .publish(ProbeCodec.reply(record, report))
        .exceptionally(
            fault -> {
              LOG.warn("{} is not answered: {}", probe.delivery().id(), fault.toString());
              return null;
            });
  }

  /** Whether probes are being read. */
  public boolean running() {
    return thread.isAlive();
  }

  /** Stops reading; what is being asked just now gets no answer. */
  public void stop() throws InterruptedException {
    stopped = true;
    consumer.wakeup();
    thread.join();
    sender.close();
  }
}
