// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.model.destination.Destination;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Asks receivers for the permission to send them events. */
public interface PermissionRequests {

  /**
   * What the receiver said.
   *
   * @param refusal why that is no permission; null where it is
   * @param rate of requests a second that it allows; null for any
   */
  record Answer(@Nullable String refusal, @Nullable Double rate) {}

  /** Takes up to 15 s; whatever goes wrong is no permission. */
  Mono<Answer> ask(Destination destination);
}
