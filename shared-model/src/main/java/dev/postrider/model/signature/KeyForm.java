// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.secret.Secret;
import java.util.Base64;
import java.util.HexFormat;

/** How the text of a secret becomes the bytes of a key. */
public enum KeyForm {
  /** The text's own UTF-8 bytes, 24 to 256 of them when imported. */
  UTF8("", 24, 256) {
    @Override
    byte[] decode(Secret text) {
      return text.reveal();
    }
  },
  /** Hexadecimal of 24 to 64 bytes. */
  HEX("", 24, 64) {
    @Override
    byte[] decode(Secret text) {
      try {
        return HexFormat.of().parseHex(text.revealText());
      } catch (IllegalArgumentException e) {
        throw refused();
      }
    }
  },
  /** Base64 of 24 to 64 bytes. */
  BASE64("", 24, 64),
  /** {@code whsec_} and the base64 of 24 to 64 bytes. */
  WHSEC("whsec_", 24, 64),
  /** {@code whsk_} and the base64 of an Ed25519 seed and its public key, 32 bytes each. */
  WHSK("whsk_", 64, 64);

  private final String prefix;
  private final int least;
  private final int most;

  KeyForm(String prefix, int least, int most) {
    this.prefix = prefix;
    this.least = least;
    this.most = most;
  }

  /** Keys in hexadecimal are made so; all others in base64, with the form's prefix. */
  String encode(byte[] key) {
    return this == HEX
        ? HexFormat.of().formatHex(key)
        : prefix + Base64.getEncoder().encodeToString(key);
  }

  byte[] decode(Secret text) {
    String revealed = text.revealText();
    if (!revealed.startsWith(prefix)) {
      throw refused();
    }
    try {
      return Base64.getDecoder().decode(revealed.substring(prefix.length()).getBytes(UTF_8));
    } catch (IllegalArgumentException e) {
      throw refused();
    }
  }

  void refuseWeak(byte[] key) {
    if (key.length < least || key.length > most) {
      throw refused();
    }
  }

  /** Names the rule and never what it saw. */
  IllegalArgumentException refused() {
    String size = least == most ? least + " bytes" : least + " to " + most + " bytes";
    return new IllegalArgumentException(
        "the signing secret must "
            + switch (this) {
              case UTF8 -> "have " + size;
              case HEX -> "be the hexadecimal of " + size;
              case BASE64 -> "be the base64 of " + size;
              case WHSEC, WHSK -> "be " + prefix + " and the base64 of " + size;
            });
  }
}
