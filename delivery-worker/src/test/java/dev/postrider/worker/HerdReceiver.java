// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A customer's server for many requests at once: takes a while for each and notes when it came. */
final class HerdReceiver implements AutoCloseable {

  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Duration takes;

  /** Of its own: a worker that stops takes the shared one with it. */
  private final LoopResources threads = LoopResources.create("receiver", 1, true);

  private final DisposableServer server;

  /**
   * One request.
   *
   * @param published when its event says that it happened
   * @param open requests when it came, itself included
   * @param answered requests before it
   */
  record Arrival(Instant at, String id, String type, Instant published, int open, int answered) {
    Duration latency() {
      return Duration.between(published, at);
    }
  }

  HerdReceiver(Duration takes) {
    this.takes = takes;
    this.server =
        HttpServer.create()
            .runOn(threads)
            .bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
            .handle(this::receive)
            .bindNow();
  }

  private Mono<Void> receive(HttpServerRequest request, HttpServerResponse response) {
    int before = answered.get();
    arrivals.add(
        new Arrival(
            Instant.now(),
            request.requestHeaders().get("webhook-id"),
            request.requestHeaders().get("ce-type"),
            Instant.parse(request.requestHeaders().get("ce-time")),
            count.incrementAndGet() - before,
            before));
    return request
        .receive()
        .then(Mono.delay(takes).doOnNext(_ -> answered.incrementAndGet()))
        .then(response.status(200).send());
  }

  String url() {
    return "http://127.0.0.1:" + server.port() + "/hook";
  }

  int count() {
    return count.get();
  }

  /** In the order in which they came. */
  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  List<Arrival> arrivals(String type) {
    return arrivals.stream().filter(arrival -> arrival.type().equals(type)).toList();
  }

  @Override
  public void close() {
    server.disposeNow();
    threads.dispose();
  }
}
