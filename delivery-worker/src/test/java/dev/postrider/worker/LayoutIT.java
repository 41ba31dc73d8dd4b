// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestKafka;
import dev.postrider.worker.repartition.Layout;
import dev.postrider.worker.repartition.LayoutRefusedException;
import dev.postrider.worker.repartition.Repartition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps a worker from serving records that lie elsewhere; a worker of the tests has three. */
class LayoutIT {

  private final Admin admin =
      Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()));
  private TestWorker worker;

  @BeforeEach
  void startAWorker() {
    worker = TestWorker.start();
  }

  @AfterEach
  void stop() {
    worker.close();
    admin.close();
  }

  @Test
  void k15RefusesAnotherCountThanRecordsLieBy() {
    assertThatThrownBy(() -> new Layout(admin).require(6))
        .isInstanceOf(LayoutRefusedException.class)
        .hasMessage("refusing to start: what is under way lies in 3 partitions, configured are 6");
  }

  @Test
  void k15MovesNothingWhileAWorkerRuns() {
    assertThatThrownBy(repartition(6)::run)
        .isInstanceOf(LayoutRefusedException.class)
        .hasMessageContaining("stop every worker first");
  }

  @Test
  void k15RefusesWhatIsNoMultiple() {
    assertThatThrownBy(repartition(4)::run)
        .isInstanceOf(LayoutRefusedException.class)
        .hasMessage(
            "refusing to change: 3 partitions can become a multiple of that, configured are 4");
  }

  private Repartition repartition(int partitions) {
    return new Repartition(
        admin,
        TestKafka.bootstrapServers(),
        new Topics(partitions, 1, RetryTiers.DEFAULT),
        Duration.ofMinutes(10),
        InstantSource.system());
  }
}
