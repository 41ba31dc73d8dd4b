// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** How names are resolved: the hosts file, then DNS; no search domains, short memories. */
final class Names {

  private static final Duration MAX_TTL = Duration.ofMinutes(1);

  private Names() {}

  static AddressResolverGroup<InetSocketAddress> resolvers(NameServers servers) {
    return resolvers(servers, new Lookups(System::nanoTime));
  }

  static AddressResolverGroup<InetSocketAddress> resolvers(NameServers servers, Lookups lookups) {
    return NameResolverProvider.builder()
        .cacheMaxTimeToLive(MAX_TTL)
        .resolveCache(new HearingCache(lookups))
        .queryTimeout(Duration.ofSeconds(2))
        .searchDomains(List.of())
        .dnsAddressResolverGroupProvider(
            builder -> new DnsAddressResolverGroup(servers.askedBy(builder)))
        .build()
        .newNameResolverGroup(HttpResources.get(), LoopResources.DEFAULT_NATIVE);
  }

  /** Hears of every address that a server gave. Failures are remembered by {@link Lookups}. */
  private static final class HearingCache extends DefaultDnsCache {

    private final Lookups lookups;

    HearingCache(Lookups lookups) {
      super(0, (int) MAX_TTL.toSeconds(), 0);
      this.lookups = lookups;
    }

    @Override
    public DnsCacheEntry cache(
        String host,
        DnsRecord @Nullable [] additionals,
        InetAddress address,
        long ttl,
        EventLoop loop) {
      lookups.answered();
      return super.cache(host, additionals, address, ttl, loop);
    }
  }
}
