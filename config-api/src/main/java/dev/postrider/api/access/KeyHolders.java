// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.access;

import reactor.core.publisher.Mono;

/** Whoever knows to whom API keys belong. */
public interface KeyHolders {

  /** What all keys begin with, and no JWT. */
  String PREFIX = "prk_";

  /**
   * The holder, or nothing when there is no such key, or none any more.
   *
   * @param key as it was sent
   * @param address whence, so that one who only guesses can be kept from asking too often: a 429
   */
  Mono<Caller> holder(String key, String address);
}
