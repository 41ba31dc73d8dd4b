// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What PostgreSQL said a moment ago, for what every request asks. It is asked again after two
 * seconds, so that a change holds everywhere before five are over; while PostgreSQL is away the
 * last answer stands, for ten minutes at most.
 */
public final class Remembered<K, V> {

  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration STANDING = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MOST = 100_000;

  private final Cache<K, V> standing =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(STANDING).build();
  private final Cache<K, V> fresh =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(FRESH).build();
  private final ConcurrentHashMap<K, Mono<V>> asked = new ConcurrentHashMap<>();
  private final Function<K, Mono<V>> source;

  /** What the source does not know it answers with a value of its own, not with nothing. */
  public Remembered(Function<K, Mono<V>> source) {
    this.source = source;
  }

  /** The answer; the source's error when there is none to stand in. */
  public Mono<V> of(K key) {
    return Mono.defer(
        () -> {
          V known = fresh.getIfPresent(key);
          return known == null ? asked.computeIfAbsent(key, this::ask) : Mono.just(known);
        });
  }

  /** The last answer, however old, or null. */
  public @Nullable V last(K key) {
    return standing.getIfPresent(key);
  }

  /** One question at a time, whoever waits for it. */
  private Mono<V> ask(K key) {
    return source
        .apply(key)
        .timeout(PATIENCE)
        .doOnNext(answer -> standing.put(key, answer))
        .onErrorResume(fault -> Mono.justOrEmpty(last(key)).switchIfEmpty(Mono.error(fault)))
        .doOnNext(answer -> fresh.put(key, answer))
        .doFinally(_ -> asked.remove(key))
        .cache();
  }
}
