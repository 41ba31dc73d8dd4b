// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import java.util.Base64;
import java.util.HexFormat;

/** How the bytes of a signature are written into a header. */
public enum TextForm {
  /** Lower-case hexadecimal; either case is read. */
  HEX {
    @Override
    String encode(byte[] signature) {
      return HexFormat.of().formatHex(signature);
    }

    @Override
    byte[] decode(String text) {
      return HexFormat.of().parseHex(text);
    }
  },
  /** Standard base64 with padding, RFC 4648 section 4. */
  BASE64 {
    @Override
    String encode(byte[] signature) {
      return Base64.getEncoder().encodeToString(signature);
    }

    @Override
    byte[] decode(String text) {
      return Base64.getDecoder().decode(text);
    }
  },
  /** Base64 for URLs, without padding, RFC 4648 section 5; padding is read. */
  BASE64URL {
    @Override
    String encode(byte[] signature) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    @Override
    byte[] decode(String text) {
      return Base64.getUrlDecoder().decode(text);
    }
  };

  abstract String encode(byte[] signature);

  /** Throws IllegalArgumentException when the text is not of this form. */
  abstract byte[] decode(String text);
}
