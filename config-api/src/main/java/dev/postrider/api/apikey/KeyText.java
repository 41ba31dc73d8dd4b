// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.apikey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.access.KeyHolders;
import dev.postrider.model.secret.Secret;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * A key as its holder has it: {@code prk_}, its id (22 characters), 256 random bits (43) and a
 * checksum over all before it (6), in base 62. The beginning and the checksum let a scanner that
 * looks for lost keys be sure of one, and us refuse a mistyped one without asking PostgreSQL.
 */
record KeyText(UUID id, Secret text) {

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
  private static final int ID = 22;
  private static final int RANDOM = 43;
  private static final int CHECKSUM = 6;
  private static final int RANDOM_BYTES = 32;
  private static final int BEGIN = KeyHolders.PREFIX.length();
  private static final int LENGTH = BEGIN + ID + RANDOM + CHECKSUM;

  /** A new one. */
  static KeyText create(UUID id, RandomGenerator random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String checked =
        KeyHolders.PREFIX
            + digits(new BigInteger(1, bytes(id)), ID)
            + digits(new BigInteger(1, bytes), RANDOM);
    return new KeyText(id, Secret.of(checked + checksum(checked)));
  }

  /** Nothing when it cannot be one of ours. */
  static Optional<KeyText> parse(String text) {
    if (text.length() != LENGTH || !text.startsWith(KeyHolders.PREFIX)) {
      return Optional.empty();
    }
    String checked = text.substring(0, LENGTH - CHECKSUM);
    return checksum(checked).equals(text.substring(LENGTH - CHECKSUM))
        ? Optional.of(new KeyText(id(text.substring(BEGIN, BEGIN + ID)), Secret.of(text)))
        : Optional.empty();
  }

  /** What is stored of it: SHA-256 of the whole. */
  Secret hash() {
    try {
      return Secret.of(MessageDigest.getInstance("SHA-256").digest(text.reveal()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What a list shows, so that people can tell which one they hold. */
  String last4() {
    return text.revealText().substring(LENGTH - 4);
  }

  private static String checksum(String checked) {
    CRC32 crc = new CRC32();
    crc.update(checked.getBytes(UTF_8));
    return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM);
  }

  private static String digits(BigInteger number, int length) {
    byte[] text = new byte[length];
    BigInteger rest = number;
    for (int index = length - 1; index >= 0; index--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      text[index] = (byte) DIGITS.charAt(parts[1].intValue());
      rest = parts[0];
    }
    return new String(text, US_ASCII);
  }

  /** Digits that none of ours are count as something: their checksum would have been refused. */
  private static UUID id(String digits) {
    BigInteger number = BigInteger.ZERO;
    for (int index = 0; index < digits.length(); index++) {
      number = number.multiply(BASE).add(BigInteger.valueOf(DIGITS.indexOf(digits.charAt(index))));
    }
    return new UUID(number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
