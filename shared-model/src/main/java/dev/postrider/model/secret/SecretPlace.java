// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Where a secret belongs: the associated data that binds a ciphertext to its table, tenant, row and
 * column, so that a copy anywhere else does not open.
 *
 * @param table the table, or the topic where there is no table
 * @param tenant the tenant's id
 * @param row the row's id
 * @param column the field
 */
public record SecretPlace(String table, String tenant, String row, String column) {

  private static final String VERSION = "v1";

  /** Refuses parts that would make two places look alike. */
  public SecretPlace {
    for (String part : List.of(table, tenant, row, column)) {
      if (part.isEmpty() || part.indexOf('|') >= 0) {
        throw new IllegalArgumentException(
            "the parts of a secret's place must not be empty nor contain '|': was '" + part + "'");
      }
    }
  }

  byte[] associatedData() {
    return toString().getBytes(UTF_8);
  }

  /** {@code table|tenant|row|column|v1}, the associated data itself. */
  @Override
  public String toString() {
    return String.join("|", table, tenant, row, column, VERSION);
  }
}
