// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.r2dbc.spi.Readable;

/** Reads columns that the schema declares {@code not null}. */
public final class Columns {

  private Columns() {}

  /** The column's value; an {@link IllegalStateException} when the schema was changed. */
  public static <T> T required(Readable row, String column, Class<T> type) {
    T value = row.get(column, type);
    if (value == null) {
      throw new IllegalStateException("the column " + column + " holds no value");
    }
    return value;
  }
}
