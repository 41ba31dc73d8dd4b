// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a receiver's dead name server from a dead resolver of our own, by how other names fare:
 *
 * <pre>
 *   our resolver is down  ⇔  three domains went unanswered within the last minute,
 *                            and not one name was answered since the first of them
 * </pre>
 *
 * Unanswered is a timeout or any error code but NXDOMAIN, which is an answer. A domain is the last
 * two labels of a name, since all names of one domain fail together. What a cache knew says nothing
 * and is not told to this class. Limits: the first two domains to fail in an outage are held
 * responsible for it; and where three dead domains are all that is looked up, they pass for a dead
 * resolver, which puts their deliveries off but never loses one.
 *
 * <p>Remembers failures for two seconds, so that a name that fails is not asked for by every
 * attempt. Netty's own memory would forget what was behind a failure.
 */
final class Lookups {

  private static final int DOMAINS = 3;
  private static final Duration MEMORY = Duration.ofMinutes(1);
  private static final Duration FAILED_FOR = Duration.ofSeconds(2);
  private static final int FAILURES = 1_000;

  private final LongSupplier nanos;
  private final Map<String, Integer> running = new ConcurrentHashMap<>();
  private final LinkedHashMap<String, Long> unanswered = new LinkedHashMap<>();
  private final LinkedHashMap<String, Failure> failures = new LinkedHashMap<>();

  private record Failure(Throwable fault, long at) {}

  Lookups(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void begun(String host) {
    running.merge(host, 1, Integer::sum);
  }

  void ended(String host) {
    running.computeIfPresent(host, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Whether somebody waits for this name's addresses right now. */
  boolean isRunning(String host) {
    return running.containsKey(host);
  }

  /** A name has got an answer, be it that it does not exist: the resolver is alive. */
  synchronized void answered() {
    unanswered.clear();
  }

  /** Nobody has answered for a name in time. */
  synchronized NameUnansweredException unanswered(String host) {
    unanswered.putLast(domain(host), nanos.getAsLong());
    if (unanswered.size() > DOMAINS) {
      unanswered.pollFirstEntry();
    }
    return new NameUnansweredException(host, resolverDown());
  }

  /** What the failure of a lookup is to be called. */
  synchronized Throwable explain(String host, Throwable failure) {
    failures.putLast(host, new Failure(failure, nanos.getAsLong()));
    if (failures.size() > FAILURES) {
      failures.pollFirstEntry();
    }
    if (isAnswer(failure)) {
      answered();
    } else if (failure instanceof UnknownHostException) {
      unanswered(host);
    }
    return named(host, failure);
  }

  /** The failure of a lookup that is too recent to be repeated. */
  synchronized Optional<Throwable> recentFailure(String host) {
    long now = nanos.getAsLong();
    return Optional.ofNullable(failures.get(host))
        .filter(failure -> now - failure.at() < FAILED_FOR.toNanos())
        .map(failure -> named(host, failure.fault()));
  }

  private Throwable named(String host, Throwable failure) {
    boolean silent = failure.getCause() instanceof DnsNameResolverTimeoutException;
    boolean asked = failure instanceof UnknownHostException && !isAnswer(failure);
    return asked && (silent || resolverDown())
        ? new NameUnansweredException(host, resolverDown())
        : failure;
  }

  private boolean resolverDown() {
    long now = nanos.getAsLong();
    unanswered.values().removeIf(at -> now - at > MEMORY.toNanos());
    return unanswered.size() == DOMAINS;
  }

  /** Nothing behind it, or NXDOMAIN: somebody said that the name leads nowhere. */
  private static boolean isAnswer(Throwable failure) {
    @Nullable Throwable behind = failure.getCause();
    return failure instanceof UnknownHostException
        && (behind == null
            || (behind instanceof DnsErrorCauseException error
                && error.getCode().intValue() == DnsResponseCode.NXDOMAIN.intValue()));
  }

  private static String domain(String host) {
    int last = host.lastIndexOf('.');
    return host.substring(host.lastIndexOf('.', last - 1) + 1);
  }
}
