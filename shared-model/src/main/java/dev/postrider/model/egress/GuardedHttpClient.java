// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
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
  // Below the least time that an attempt can have, 1 s: else our shortage looks like its slowness.
  private static final Duration POOL_TIMEOUT = Duration.ofMillis(900);
  // Node, the most common receiver, closes idle connections after 5 s.
  private static final Duration MAX_IDLE = Duration.ofSeconds(4);
  private static final Duration MAX_LIFE = Duration.ofMinutes(5);
  private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(2);
  // Offered, so that a receiver without HTTP/1.1 says so instead of answering in frames.
  private static final ApplicationProtocolConfig HTTP1_ONLY =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_1_1);
  private static final int MAX_HEADERS = 8192;
  private static final int MAX_STATUS_LINE = 4096;

  private final AddressResolverGroup<InetSocketAddress> names;
  private final Lookups lookups;
  private final Threads threads;
  private final ConnectionProvider pool;
  private final Route anywhere;
  private final Route permittedOnly;
  private final Consumer<SslContextBuilder> tls;

  /** A client for one purpose, with kept connections and with a fresh one each time. */
  private record Route(HttpClient pooled, HttpClient fresh) {

    Route as(TlsIdentity identity, Function<Consumer<SslContextBuilder>, SslProvider> usual) {
      SslProvider provider = identity.provider(usual);
      return new Route(pooled.secure(provider), fresh.secure(provider));
    }
  }

  GuardedHttpClient(
      AddressRules rules,
      EgressListener listener,
      int maxConnectionsPerHost,
      Function<Lookups, AddressResolverGroup<InetSocketAddress>> names,
      Consumer<SslContextBuilder> tls) {
    this(rules, listener, maxConnectionsPerHost, Threads.shared(), names, tls);
  }

  private GuardedHttpClient(
      AddressRules rules,
      EgressListener listener,
      int maxConnectionsPerHost,
      Threads threads,
      Function<Lookups, AddressResolverGroup<InetSocketAddress>> names,
      Consumer<SslContextBuilder> tls) {
    this.threads = threads;
    this.lookups = new Lookups(System::nanoTime);
    this.names = names.apply(lookups);
    this.pool = pool(maxConnectionsPerHost);
    this.tls = tls;
    this.anywhere = route(new Gate(rules, AddressVerdict::isReachable, listener));
    this.permittedOnly = route(new Gate(rules, AddressVerdict.PERMITTED::equals, listener));
  }

  /**
   * A client that obeys the rules.
   *
   * @param maxConnectionsPerHost 50 is usual; who waits longer than 0.9 s for one gets a
   *     PoolAcquireTimeoutException, which is our overload and not the receiver's fault
   */
  public static GuardedHttpClient create(
      AddressRules rules, NameServers servers, EgressListener listener, int maxConnectionsPerHost) {
    return new GuardedHttpClient(
        rules,
        listener,
        maxConnectionsPerHost,
        lookups -> Names.resolvers(servers, lookups),
        _ -> {});
  }

  /**
   * The same with a thread of its own, of that name: who asks on this thread is answered on it. A
   * time that is over is noticed on it, too, after what has come meanwhile was read; so a thread
   * that is held up blames nobody else for it.
   */
  public static GuardedHttpClient onOneThread(
      AddressRules rules,
      NameServers servers,
      EgressListener listener,
      int maxConnectionsPerHost,
      String name) {
    return new GuardedHttpClient(
        rules,
        listener,
        maxConnectionsPerHost,
        Threads.one(name),
        lookups -> Names.resolvers(servers, lookups),
        _ -> {});
  }

  /** The thread on which answers come; one of them, if there are several. */
  public ScheduledExecutorService thread() {
    return threads.first();
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

  private Route route(Gate gate) {
    var resolver = new GuardedResolverGroup(names, gate, lookups);
    var guard = new ConnectGuard(gate);
    return new Route(
        configure(HttpClient.create(pool), resolver, guard),
        configure(HttpClient.create(ConnectionProvider.newConnection()), resolver, guard));
  }

  private SslProvider secured(Consumer<SslContextBuilder> identity) {
    SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext =
        Http11SslContextSpec.forClient()
            .configure(builder -> builder.protocols("TLSv1.3", "TLSv1.2"))
            .configure(builder -> builder.applicationProtocolConfig(HTTP1_ONLY))
            .configure(tls.andThen(identity));
    return SslProvider.builder().sslContext(sslContext).handshakeTimeout(HANDSHAKE_TIMEOUT).build();
  }

  private HttpClient configure(
      HttpClient client, GuardedResolverGroup resolver, ConnectGuard guard) {
    return client
        .runOn(threads.loops())
        .resolver(resolver)
        .doOnChannelInit((_, channel, _) -> addHandlers(channel.pipeline(), guard))
        .protocol(HttpProtocol.HTTP11)
        .secure(secured(_ -> {}))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
        .responseTimeout(RESPONSE_TIMEOUT)
        .httpResponseDecoder(
            limits -> limits.maxHeaderSize(MAX_HEADERS).maxInitialLineLength(MAX_STATUS_LINE))
        .followRedirect(false)
        .compress(false)
        .disableRetry(true);
  }

  private static void addHandlers(ChannelPipeline pipeline, ConnectGuard guard) {
    pipeline
        .addFirst("egress-guard", guard)
        .addBefore(NettyPipeline.HttpCodec, "first-byte", new FirstByte())
        .addBefore(NettyPipeline.HttpCodec, "writes-together", new WritesTogether())
        .addAfter(NettyPipeline.HttpCodec, "interim-responses", new InterimResponses());
  }

  /**
   * Sends the request and gives the answer, whatever its status. Fails with {@link
   * EgressRefusedException} when we declined to connect, with {@link NameUnansweredException} when
   * the name could not be looked up, with ConnectTimeoutException when there was no connection in
   * time and with TimeoutException when there was one but no answer, and otherwise with what Netty
   * reports.
   *
   * <p>The status is the answer. A body that drips, breaks off or is no HTTP changes nothing about
   * it any more: what came of the body when the time was over is the excerpt, and the connection is
   * closed.
   *
   * <p>A request that meets a kept connection the receiver has just closed is sent once more, at
   * once, on a fresh connection.
   */
  public Mono<Response> send(Request request) {
    var route = request.target().refusalIfPublic().isPresent() ? permittedOnly : anywhere;
    var identified = request.tls() == null ? route : route.as(request.tls(), this::secured);
    return Mono.defer(() -> send(new Attempt(request), identified));
  }

  private Mono<Response> send(Attempt attempt, Route route) {
    return attempt
        .through(route.pooled())
        .onErrorResume(attempt::metAStaleConnection, _ -> attempt.through(route.fresh()))
        .timeout(timeOf(attempt), Mono.defer(() -> attempt.whenTimeIsUp(lookups)));
  }

  /** A request that we have held back ourselves is given that time as well, once. */
  private Mono<Long> timeOf(Attempt attempt) {
    return Mono.delay(attempt.limit(), threads.timer())
        .flatMap(_ -> Mono.delay(attempt.heldBack(), threads.timer()));
  }

  /** Closes all connections; requests in flight fail. */
  @Override
  public void close() {
    pool.dispose();
    names.close();
    threads.close();
  }
}
