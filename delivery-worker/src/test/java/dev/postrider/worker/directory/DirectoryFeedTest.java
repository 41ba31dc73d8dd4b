// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.directory;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class DirectoryFeedTest {

  private static final String NOBODY = "127.0.0.1:1";

  @Test
  void fallsBehindWhileNobodySaysWhereTheTopicEnds() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOON);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", NOBODY))) {
      DirectoryFeed feed = new DirectoryFeed(new Directory(), admin, NOBODY, now::get);
      assertThat(feed.lag()).isZero();
      feed.start(1);
      await().until(feed::running);

      now.set(NOON.plusSeconds(600));

      assertThat(feed.lag()).isEqualTo(Duration.ofMinutes(10));
      feed.stop();
    }
  }
}
