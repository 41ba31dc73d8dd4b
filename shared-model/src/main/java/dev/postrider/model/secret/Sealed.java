// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import java.util.Base64;
import java.util.HexFormat;

/**
 * An encrypted secret, safe to store and to send; only the {@link SecretBox} with the same keyset
 * opens it, and only at the {@link SecretPlace} it was sealed for.
 *
 * @param base64 the ciphertext, standard base64: the form it has in JSON and in the database
 */
public record Sealed(String base64) {

  private static final int PREFIX = 5; // bytes

  /** Refuses what is not base64, without repeating it. */
  public Sealed {
    try {
      Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a sealed secret must be standard base64: was not, " + base64.length() + " characters");
    }
  }

  static Sealed of(byte[] ciphertext) {
    return new Sealed(Base64.getEncoder().encodeToString(ciphertext));
  }

  byte[] ciphertext() {
    return Base64.getDecoder().decode(base64);
  }

  /**
   * The key that has sealed it: eight hexadecimal digits, behind the first byte of what Tink makes.
   */
  public String key() {
    byte[] ciphertext = ciphertext();
    return ciphertext.length < PREFIX ? "" : HexFormat.of().formatHex(ciphertext, 1, PREFIX);
  }

  @Override
  public String toString() {
    return "Sealed[" + ciphertext().length + " bytes]";
  }
}
