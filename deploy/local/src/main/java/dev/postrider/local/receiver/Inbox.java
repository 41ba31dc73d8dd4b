// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one name under {@code /hooks/} counts and has been told. */
final class Inbox {

  private final AtomicLong count = new AtomicLong();
  private final AtomicReference<Script> script =
      new AtomicReference<>(new Script(Behaviour.ACCEPT));
  private volatile @Nullable String key;

  long count() {
    return count.get();
  }

  void clear() {
    count.set(0);
  }

  Behaviour behaviour() {
    return script.get().behaviour();
  }

  void behave(Behaviour behaviour) {
    script.set(new Script(behaviour));
  }

  Optional<String> key() {
    return Optional.ofNullable(key);
  }

  void verifyWith(@Nullable String newKey) {
    key = newKey;
  }

  /** Counts a request and says how to answer it. */
  Answer next() {
    count.incrementAndGet();
    return script.get().next();
  }

  record Answer(int status, Behaviour behaviour) {}

  /** A behaviour, and how far it has been played. */
  private record Script(Behaviour behaviour, AtomicLong answered) {

    Script(Behaviour behaviour) {
      this(behaviour, new AtomicLong());
    }

    Answer next() {
      return new Answer(behaviour.status(answered.getAndIncrement()), behaviour);
    }
  }
}
