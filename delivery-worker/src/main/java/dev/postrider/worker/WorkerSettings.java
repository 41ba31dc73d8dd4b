// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set, with its default.
 *
 * @param kafka bootstrap servers
 * @param keysetFile the keyset that opens signing keys; readable by its owner only
 * @param egressAllow networks that may be reached although private: CIDR[:port], comma-separated
 * @param brand names the headers of the scheme {@code timestamped_hex}
 * @param partitions of every topic; must be what the topics have
 * @param replicas of every topic, where this worker creates it
 * @param retryTiers the delays there are retry topics for
 * @param remembered how long an event is known at least, so that publishing it twice sends it once
 * @param connectionsPerHost most connections open to one host and port
 */
@ConfigurationProperties("postrider")
record WorkerSettings(
    @DefaultValue("127.0.0.1:19092") String kafka,
    Path keysetFile,
    @DefaultValue("") String egressAllow,
    @DefaultValue("Postrider") String brand,
    @DefaultValue("12") int partitions,
    @DefaultValue("1") int replicas,
    @DefaultValue({"1s", "5s", "30s", "2m", "10m", "1h", "6h"}) List<Duration> retryTiers,
    @DefaultValue("10m") Duration remembered,
    @DefaultValue("1024") int connectionsPerHost) {

  Topics topics() {
    return new Topics(partitions, replicas, RetryTiers.of(retryTiers));
  }
}
