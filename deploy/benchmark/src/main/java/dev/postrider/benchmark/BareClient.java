// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.NameServers;
import dev.postrider.model.egress.Request;
import dev.postrider.model.egress.Response;
import dev.postrider.model.egress.Target;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.egress.UrlVerdict;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.Signer;
import dev.postrider.model.signature.SigningInput;
import dev.postrider.model.signature.SigningSecret;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What everything else is measured against: the guarded, signing client of our own in a loop, with
 * the body and the headers of a delivery, and neither Kafka nor a database nor a word about how it
 * went. A process of its own, as the worker is.
 */
final class BareClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int CONNECTIONS_PER_HOST = 1024;
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofMillis(50);

  private final GuardedHttpClient client;
  private final List<Target> targets;
  private final Signer signer;
  private final byte[] body;
  private final Clock clock = Clock.systemUTC();
  private final LongAdder answered = new LongAdder();

  private BareClient(List<String> urls, int payload) {
    var rules = AddressRules.allowing("127.0.0.1/32");
    var scheme = SignatureSchemes.branded("Postrider").named("standard_webhooks").orElseThrow();
    this.client =
        GuardedHttpClient.create(
            rules, NameServers.OF_THIS_MACHINE, (_, _) -> {}, CONNECTIONS_PER_HOST);
    this.targets = urls.stream().map(url -> target(new UrlRules(rules), url)).toList();
    this.signer = new Signer(scheme, List.of(SigningSecret.generate(scheme, new SecureRandom())));
    this.body = Events.payload(payload);
  }

  private static Target target(UrlRules rules, String url) {
    return switch (rules.judge("url", url)) {
      case UrlVerdict.Allowed(Target target) -> target;
      case UrlVerdict.Refused refused -> throw new IllegalArgumentException(refused.toString());
    };
  }

  /**
   * {@code BareClient CONCURRENCY PAYLOAD WARM-UP WINDOW WINDOWS URL...}; the warm-up in requests,
   * the window in seconds.
   */
  static void main(String[] arguments) throws InterruptedException {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // as the worker has it
    var urls = Stream.of(arguments).skip(5).toList();
    var bare = new BareClient(urls, Integer.parseInt(arguments[1]));
    var loops = bare.start(Integer.parseInt(arguments[0]));
    bare.warmUp(Integer.parseInt(arguments[2]));
    for (int window = 0; window < Integer.parseInt(arguments[4]); window++) {
      System.out.println(bare.measured(Duration.ofSeconds(Integer.parseInt(arguments[3]))));
    }
    loops.dispose();
    bare.client.close();
  }

  private Disposable start(int concurrency) {
    return Flux.range(0, concurrency)
        .flatMap(loop -> one(targets.get(loop % targets.size())).repeat(), concurrency)
        .subscribe(_ -> {}, BareClient::fail);
  }

  /** By requests, as the system is warmed up by events: a slow machine compiles slowly, too. */
  private void warmUp(int requests) {
    long end = System.nanoTime() + LONGEST_WARM_UP.toNanos();
    while (answered.sum() < requests && System.nanoTime() < end) {
      Await.pause(MOMENT);
    }
  }

  private Mono<Response> one(Target target) {
    return Mono.defer(() -> client.send(request(target))).doOnNext(_ -> answered.increment());
  }

  private static void fail(Throwable fault) {
    Exceptions.unwrapMultiple(fault)
        .forEach(one -> System.err.println("The bare client cannot go on: " + one));
    Runtime.getRuntime().halt(1);
  }

  /** Requests, wall clock and CPU time of this process, both in ns. */
  private String measured(Duration window) throws InterruptedException {
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long count = answered.sum();
    long cpu = process.getProcessCpuTime();
    long begin = System.nanoTime();
    Thread.sleep(window);
    long took = System.nanoTime() - begin;
    long used = process.getProcessCpuTime() - cpu;
    return "%d %d %d".formatted(answered.sum() - count, took, used);
  }

  private Request request(Target target) {
    var headers = new ArrayList<Header>(12);
    headers.add(new Header("User-Agent", "Postrider/bare"));
    headers.add(new Header("Content-Type", "application/json"));
    Events.attributes(0, 0, clock.instant())
        .forEach((name, value) -> headers.add(new Header("ce-" + name, value)));
    signer.sign(
        new SigningInput(
            "dlv_0198d0a5-0000-7000-8000-000000000000",
            clock.instant(),
            body,
            target.uri(),
            "POST"),
        (name, value) -> headers.add(new Header(name, value)));
    return new Request(target, "POST", headers, body, TIMEOUT);
  }
}
