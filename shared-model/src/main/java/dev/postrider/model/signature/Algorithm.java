// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

/** How the signed bytes become a signature. */
public enum Algorithm {
  /** No signature at all. */
  NONE(""),
  /** RFC 2104 over SHA-1; only where a vendor knows nothing better. */
  HMAC_SHA1("HmacSHA1"),
  /** RFC 2104 over SHA-256. */
  HMAC_SHA256("HmacSHA256"),
  /** RFC 2104 over SHA-512. */
  HMAC_SHA512("HmacSHA512"),
  /** RFC 8032, section 5.1. */
  ED25519("Ed25519");

  private final String jca;

  Algorithm(String jca) {
    this.jca = jca;
  }

  /** The name in the Java Cryptography Architecture. */
  String jca() {
    return jca;
  }
}
