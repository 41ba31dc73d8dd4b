// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.Topics;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set, with its default.
 *
 * @param kafka bootstrap servers, comma-separated
 * @param keysetFile the master keyset that opens signing keys, mode 0400; config-api's, too
 * @param egressAllow private networks that may be reached all the same, there also without https:
 *     {@code CIDR[:port]}, comma-separated
 * @param nameServers who is asked where the names of receivers lead: {@code address[:port]},
 *     comma-separated; the machine's own unless set
 * @param brand names the headers of the scheme {@code timestamped_hex}
 * @param partitions of the topics that share a count, 1 to 4096; must be what they have, and is
 *     multiplied by {@code repartition}
 * @param replicas of every topic that this service creates
 * @param retryTiers the delays that have a retry topic, whole seconds
 * @param remembered how long an event is known at least, so that publishing it twice sends it once
 * @param connectionsPerHost most connections open to one host and port, all destinations there
 *     together, for every two processors; who waits longer than 0.9 s for one is put off as {@code
 *     overloaded}
 */
@ConfigurationProperties("postrider")
record WorkerSettings(
    @DefaultValue("127.0.0.1:19092") String kafka,
    String keysetFile,
    String egressAllow,
    String nameServers,
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
