// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.destination.Destination;
import dev.postrider.model.egress.Target;
import dev.postrider.model.payload.ContentFormat;
import dev.postrider.model.signature.Signer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A destination made ready to be sent to: its URL judged, its secrets opened. Made once, used for
 * many requests.
 *
 * @param target null when the stored URL breaks a rule of today
 * @param proof null when a secret does not open; then nothing is sent, least of all unsigned
 * @param freshUntil when the first of its keys expires
 */
public record Receiver(
    Destination destination, @Nullable Target target, @Nullable Proof proof, Instant freshUntil) {

  /** What a request shows of who sends it, and what is signed of the event. */
  record Proof(Signer signer, Credentials credentials, ContentFormat format) {}

  /** Whether it may still be used. */
  public boolean fresh(Instant now) {
    return now.isBefore(freshUntil);
  }
}
