// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.kafka;

import dev.postrider.local.process.Probe;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Healthy when the broker answers for its cluster; what is needed to find out is made at once. */
public record BrokerProbe(String bootstrapServers) implements Probe {

  private static final int TIMEOUT_MS = 1500;

  @Override
  public boolean healthy() throws IOException, InterruptedException {
    try (var admin = Admin.create(configuration())) {
      return !admin.describeCluster().nodes().get().isEmpty();
    } catch (ExecutionException e) {
      throw new IOException(bootstrapServers + " does not answer", e);
    }
  }

  private Map<String, Object> configuration() {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
  }
}
