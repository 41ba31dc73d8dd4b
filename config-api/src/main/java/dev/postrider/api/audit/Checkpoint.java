// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.model.secret.ChainKey;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement, kept outside the database, that a tenant's chain has had that entry: without it
 * nobody could tell that the last entries are gone.
 *
 * @param mac by which it is known to be ours
 */
record Checkpoint(String tenant, long sequence, String hash, String mac) {

  private static final Pattern LINE =
      Pattern.compile(
          "audit checkpoint tenant=(\\S+) sequence=(\\d{1,18}) hash=([0-9a-f]{64})"
              + " mac=([0-9a-f]{64})");

  static Checkpoint of(String tenant, Chain.Head head, ChainKey key) {
    String mac = key.sign(statement(tenant, head.sequence(), head.hash()));
    return new Checkpoint(tenant, head.sequence(), head.hash(), mac);
  }

  /** The checkpoint in a line of a log, whatever else is in it. */
  static Optional<Checkpoint> in(String line) {
    Matcher found = LINE.matcher(line);
    return found.find()
        ? Optional.of(
            new Checkpoint(
                found.group(1), Long.parseLong(found.group(2)), found.group(3), found.group(4)))
        : Optional.empty();
  }

  boolean ours(ChainKey key) {
    String expected = key.sign(statement(tenant, sequence, hash));
    return MessageDigest.isEqual(mac.getBytes(US_ASCII), expected.getBytes(US_ASCII));
  }

  private static String statement(String tenant, long sequence, String hash) {
    return tenant + "|" + sequence + "|" + hash;
  }

  /** As it stands in the log. */
  @Override
  public String toString() {
    return "audit checkpoint tenant=%s sequence=%d hash=%s mac=%s"
        .formatted(tenant, sequence, hash, mac);
  }
}
