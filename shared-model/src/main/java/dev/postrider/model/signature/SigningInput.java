// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import java.net.URI;
import java.time.Instant;

/**
 * What a signature is made over.
 *
 * @param id the delivery's id; the same for all its attempts, without a dot
 * @param timestamp when this attempt is signed; whole seconds count
 * @param body the bytes as sent; neither copied nor changed
 * @param url as sent
 * @param method as sent
 * @param contentType as sent; empty where there is none
 * @param keyId names the key to the receiver: the destination's id
 */
@SuppressWarnings("ArrayRecordComponent") // inputs are never compared, and bodies never copied
public record SigningInput(
    String id,
    Instant timestamp,
    byte[] body,
    URI url,
    String method,
    String contentType,
    String keyId) {

  /**
   * Refuses ids that would make two contents look alike (Standard Webhooks, "Signature scheme").
   */
  public SigningInput {
    if (id.indexOf('.') >= 0) {
      throw new IllegalArgumentException("the id to sign must not contain a dot: was " + id);
    }
  }

  /** For schemes that look at neither the content type nor the key's name. */
  public SigningInput(String id, Instant timestamp, byte[] body, URI url, String method) {
    this(id, timestamp, body, url, method, "", "");
  }

  String timestampSeconds() {
    return Long.toString(timestamp.getEpochSecond());
  }
}
