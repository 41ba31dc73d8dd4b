// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.model.destination.Destination;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Asks receivers whether they agree to be sent events. */
public interface ConsentRequests {

  /**
   * What the receiver said.
   *
   * @param refusal why that is no consent; null where it is
   * @param rate of requests a second that it allows; null for any
   */
  record Answer(@Nullable String refusal, @Nullable Double rate) {}

  /** Takes up to 15 s; whatever goes wrong is no consent. */
  Mono<Answer> ask(Destination destination);
}
