// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.TestDestinations;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DirectoryTest {

  private static final PlatformEvent EVENT = TestDeliveries.event("a", 1);
  private static final Destination DESTINATION = TestDeliveries.destination(Limits.DEFAULT);

  private final Directory directory = new Directory();

  @Test
  void findsWhatWantsAnEvent() {
    directory.put(DESTINATION);

    assertThat(directory.wanting(EVENT)).containsExactly(DESTINATION);
  }

  @Test
  void leavesOutWhatIsNotActiveOrGone() {
    directory.put(DESTINATION);
    directory.put(with(DestinationStatus.DISABLED));
    assertThat(directory.wanting(EVENT)).isEmpty();
    assertThat(directory.find(DESTINATION.id())).isPresent();

    directory.remove(DESTINATION.id());
    assertThat(directory.find(DESTINATION.id())).isEmpty();
  }

  @Test
  void neverMissesADestinationThatIsBeingChanged() {
    directory.put(DESTINATION);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> changes =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                directory.put(with(DestinationStatus.ACTIVE));
              }
            });

    for (int look = 0; look < 100_000; look++) {
      assertThat(directory.wanting(EVENT)).hasSize(1);
    }
    done.set(true);
    changes.join();
  }

  @Test
  void tellsWhatItCannotReadFromWhatIsGone() {
    directory.unreadable(DESTINATION.id());
    assertThat(directory.isUnreadable(DESTINATION.id())).isTrue();

    directory.put(DESTINATION);
    assertThat(directory.isUnreadable(DESTINATION.id())).isFalse();
  }

  private static Destination with(DestinationStatus status) {
    return TestDestinations.with(DESTINATION, status);
  }
}
