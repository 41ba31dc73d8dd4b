// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import dev.postrider.model.secret.ChainKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Says where each chain ends, to whoever keeps the log: a line for each tenant, hourly, unless this
 * instance has said the same before.
 */
@Component
final class Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final Chains chains;
  private final ChainKey key;
  private final Map<String, Chain.Head> said = new ConcurrentHashMap<>();

  Checkpoints(Chains chains, ChainKey key) {
    this.chains = chains;
    this.key = key;
  }

  @Scheduled(cron = "0 11 * * * *")
  Mono<Void> write() {
    return chains
        .heads()
        .doOnNext(heads -> heads.forEach(this::say))
        .doOnError(e -> LOG.warn("no checkpoints, will try again: {}", e.toString()))
        .onErrorComplete()
        .then();
  }

  private void say(String tenant, Chain.Head head) {
    if (!head.equals(said.put(tenant, head))) {
      LOG.info("{}", Checkpoint.of(tenant, head, key));
    }
  }
}
