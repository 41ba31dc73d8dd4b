// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.wire.Topics;
import dev.postrider.model.wire.TopicsOnBroker;
import dev.postrider.worker.crash.CrashPoint;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.dispatch.Dispatchers;
import dev.postrider.worker.intake.DispatchIntake;
import dev.postrider.worker.probe.Probes;
import dev.postrider.worker.publish.Publisher;
import dev.postrider.worker.repartition.Layout;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The order of things. Start: topics fit, directory loaded, then events and deliveries. Stop: no
 * more of them, what is open is finished, then the producers.
 */
@Component
final class WorkerLifecycle implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerLifecycle.class);

  private final Admin admin;
  private final Topics topics;
  private final Directory directory;
  private final DirectoryFeed feed;
  private final DispatchIntake intake;
  private final Probes probes;
  private final Dispatchers dispatchers;
  private final List<Publisher> publishers;
  private volatile boolean running;

  WorkerLifecycle(
      Admin admin,
      Topics topics,
      Directory directory,
      DirectoryFeed feed,
      DispatchIntake intake,
      Probes probes,
      Dispatchers dispatchers,
      List<Publisher> publishers) {
    this.admin = admin;
    this.topics = topics;
    this.directory = directory;
    this.feed = feed;
    this.intake = intake;
    this.probes = probes;
    this.dispatchers = dispatchers;
    this.publishers = publishers;
  }

  @Override
  public void start() {
    CrashPoint.announce();
    try {
      TopicsOnBroker broker = new TopicsOnBroker(admin);
      broker.ensure(topics);
      new Layout(admin).require(topics.partitions());
      feed.start(broker.partitions(Topics.DESTINATIONS));
      feed.caughtUp().get();
    } catch (ExecutionException e) {
      throw new KafkaException("Kafka does not answer: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
    LOG.info("directory holds {} destinations", directory.size());
    intake.start();
    probes.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    try {
      probes.stop();
      intake.stop();
      dispatchers.close();
      feed.stop();
      publishers.forEach(Publisher::close);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info("drained and stopped");
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
