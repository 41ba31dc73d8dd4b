// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** How names are resolved: the hosts file, then DNS; no search domains, short memories. */
final class Names {

  private Names() {}

  static AddressResolverGroup<InetSocketAddress> resolvers() {
    return NameResolverProvider.builder()
        .cacheMaxTimeToLive(Duration.ofMinutes(1))
        .cacheNegativeTimeToLive(Duration.ofSeconds(5))
        .queryTimeout(Duration.ofSeconds(2))
        .searchDomains(List.of())
        .build()
        .newNameResolverGroup(HttpResources.get(), LoopResources.DEFAULT_NATIVE);
  }
}
