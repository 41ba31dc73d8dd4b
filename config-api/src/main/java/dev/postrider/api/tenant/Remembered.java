// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What PostgreSQL said a moment ago, for what every request asks. After two seconds it is asked
 * again behind the back of whoever asks, after four they wait for it, so that a change holds
 * everywhere before five are over; while PostgreSQL is away the last answer stands, for ten minutes
 * at most. Who has none waits a second, and not even that when somebody else has just waited in
 * vain.
 */
public final class Remembered<K, V> {

  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration GOOD = Duration.ofSeconds(4);
  private static final Duration STANDING = Duration.ofMinutes(10);
  private static final int MOST = 100_000;

  private final Cache<K, Answer<V>> answers =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(STANDING).build();
  private final ConcurrentHashMap<K, Mono<V>> asked = new ConcurrentHashMap<>();
  private final PostgresPresence postgres;
  private final Function<K, Mono<V>> source;

  /** What the source does not know it answers with a value of its own, not with nothing. */
  public Remembered(PostgresPresence postgres, Function<K, Mono<V>> source) {
    this.postgres = postgres;
    this.source = source;
  }

  /**
   * An answer.
   *
   * @param asked when the question was put: it may be as old as that
   */
  private record Answer<V>(V value, Instant asked) {

    boolean isWithin(Duration age, Instant now) {
      return now.isBefore(asked.plus(age));
    }
  }

  /** The answer; the source's error when there is none to stand in. */
  public Mono<V> of(K key) {
    return Mono.defer(
        () -> {
          Answer<V> known = answers.getIfPresent(key);
          Instant now = postgres.now();
          if (known == null || !known.isWithin(GOOD, now)) {
            return asking(key);
          }
          return known.isWithin(FRESH, now)
              ? Mono.just(known.value())
              : Mono.just(known.value()).doFirst(() -> refresh(key));
        });
  }

  /** The last answer, however old, or null. */
  public @Nullable V last(K key) {
    Answer<V> known = answers.getIfPresent(key);
    return known == null ? null : known.value();
  }

  private void refresh(K key) {
    asking(key).onErrorComplete().subscribe();
  }

  /** One question at a time, whoever waits for it. */
  private Mono<V> asking(K key) {
    return asked.computeIfAbsent(key, this::ask);
  }

  private Mono<V> ask(K key) {
    return Mono.defer(() -> answered(key, postgres.now()))
        .onErrorResume(fault -> Mono.justOrEmpty(last(key)).switchIfEmpty(Mono.error(fault)))
        .doFinally(_ -> asked.remove(key))
        .cache();
  }

  private Mono<V> answered(K key, Instant now) {
    return postgres.ask(
        source.apply(key).doOnNext(value -> answers.put(key, new Answer<>(value, now))));
  }
}
