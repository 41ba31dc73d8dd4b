// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;

/**
 * The one client for requests that a tenant can aim. Connects only to addresses that the rules let
 * through, judged after resolution and again at the socket; follows no redirect, expands no
 * compression, reads no more than it keeps. One instance serves all destinations and threads.
 */
public final class GuardedHttpClient implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POOL_TIMEOUT = Duration.ofSeconds(2);
  // Node, the most common receiver, closes idle connections after 5 s.
  private static final Duration MAX_IDLE = Duration.ofSeconds(4);
  private static final Duration MAX_LIFE = Duration.ofMinutes(5);
  private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(2);
  private static final int MAX_HEADERS = 8192;
  private static final int MAX_STATUS_LINE = 4096;

  private final AddressResolverGroup<InetSocketAddress> names;
  private final ConnectionProvider pool;
  private final Route anywhere;
  private final Route permittedOnly;

  /** A client for one purpose, with kept connections and with a fresh one each time. */
  private record Route(HttpClient pooled, HttpClient fresh) {}

  GuardedHttpClient(
      AddressRules rules,
      EgressListener listener,
      int maxConnectionsPerHost,
      AddressResolverGroup<InetSocketAddress> names,
      Consumer<SslContextBuilder> tls) {
    this.names = names;
    this.pool = pool(maxConnectionsPerHost);
    this.anywhere = route(new Gate(rules, AddressVerdict::isReachable, listener), tls);
    this.permittedOnly = route(new Gate(rules, AddressVerdict.PERMITTED::equals, listener), tls);
  }

  /**
   * A client that obeys the rules.
   *
   * @param maxConnectionsPerHost 50 is usual; who waits longer than 2 s for one gets a
   *     PoolAcquireTimeoutException, which is our overload and not the receiver's fault
   */
  public static GuardedHttpClient create(
      AddressRules rules, EgressListener listener, int maxConnectionsPerHost) {
    return new GuardedHttpClient(
        rules, listener, maxConnectionsPerHost, Names.resolvers(), _ -> {});
  }

  private static ConnectionProvider pool(int maxConnectionsPerHost) {
    return ConnectionProvider.builder("postrider-egress")
        .maxConnections(maxConnectionsPerHost)
        .pendingAcquireMaxCount(2 * maxConnectionsPerHost)
        .pendingAcquireTimeout(POOL_TIMEOUT)
        .maxIdleTime(MAX_IDLE)
        .maxLifeTime(MAX_LIFE)
        .evictInBackground(EVICTION_INTERVAL)
        .disposeInactivePoolsInBackground(MAX_LIFE, MAX_LIFE)
        .lifo()
        .build();
  }

  private Route route(Gate gate, Consumer<SslContextBuilder> tls) {
    var resolver = new GuardedResolverGroup(names, gate);
    var guard = new ConnectGuard(gate);
    return new Route(
        configure(HttpClient.create(pool), resolver, guard, tls),
        configure(HttpClient.create(ConnectionProvider.newConnection()), resolver, guard, tls));
  }

  private static HttpClient configure(
      HttpClient client,
      GuardedResolverGroup resolver,
      ConnectGuard guard,
      Consumer<SslContextBuilder> tls) {
    SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext =
        Http11SslContextSpec.forClient()
            .configure(builder -> builder.protocols("TLSv1.3", "TLSv1.2"))
            .configure(tls);
    return client
        .resolver(resolver)
        .doOnChannelInit((_, channel, _) -> channel.pipeline().addFirst("egress-guard", guard))
        .protocol(HttpProtocol.HTTP11)
        .secure(spec -> spec.sslContext(sslContext).handshakeTimeout(HANDSHAKE_TIMEOUT))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
        .responseTimeout(RESPONSE_TIMEOUT)
        .httpResponseDecoder(
            limits -> limits.maxHeaderSize(MAX_HEADERS).maxInitialLineLength(MAX_STATUS_LINE))
        .followRedirect(false)
        .compress(false)
        .disableRetry(true);
  }

  /**
   * Sends the request and gives the answer, whatever its status. Fails with {@link
   * EgressRefusedException} when we declined to connect, with TimeoutException when the whole
   * attempt took longer than the request allows, and otherwise with what Netty reports.
   *
   * <p>A request that meets a kept connection the receiver has just closed is sent once more, at
   * once, on a fresh connection.
   */
  public Mono<Response> send(Request request) {
    var route = request.target().refusalIfPublic().isPresent() ? permittedOnly : anywhere;
    return Mono.defer(() -> send(new Attempt(request), route)).timeout(request.timeout());
  }

  private static Mono<Response> send(Attempt attempt, Route route) {
    return attempt
        .through(route.pooled())
        .onErrorResume(attempt::metAStaleConnection, _ -> attempt.through(route.fresh()));
  }

  /** Closes all connections; requests in flight fail. */
  @Override
  public void close() {
    pool.dispose();
    names.close();
  }
}
