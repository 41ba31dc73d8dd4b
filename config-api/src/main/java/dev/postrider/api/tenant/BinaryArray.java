// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An array parameter in PostgreSQL's binary format, which costs either side a copy; the driver's
 * own arrays are text, quoted here and parsed there. One instance is filled, then bound once.
 *
 * <pre>
 *   dimensions = 1, has nulls, element type, length, lower bound = 1, then (size, bytes)…
 *   all int32; size −1 is null
 * </pre>
 *
 * @see <a href="https://www.postgresql.org/docs/18/protocol-overview.html">PostgreSQL, Frontend/
 *     Backend Protocol, "Formats and Format Codes"</a>
 */
public final class BinaryArray {

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int LENGTH_AT = 12;
  private static final int NULL = -1;

  private final PostgresqlObjectId arrayType;
  private final ByteBuf bytes;
  private int length;

  private BinaryArray(PostgresqlObjectId arrayType, PostgresqlObjectId elementType) {
    this.arrayType = arrayType;
    this.bytes = Unpooled.buffer(8192);
    bytes.writeInt(1).writeInt(1).writeInt(elementType.getObjectId()).writeInt(0).writeInt(1);
  }

  /** For {@code uuid[]}. */
  public static BinaryArray ofUuids() {
    return new BinaryArray(PostgresqlObjectId.UUID_ARRAY, PostgresqlObjectId.UUID);
  }

  /** For {@code text[]}. */
  public static BinaryArray ofTexts() {
    return new BinaryArray(PostgresqlObjectId.TEXT_ARRAY, PostgresqlObjectId.TEXT);
  }

  /** For {@code integer[]}. */
  public static BinaryArray ofIntegers() {
    return new BinaryArray(PostgresqlObjectId.INT4_ARRAY, PostgresqlObjectId.INT4);
  }

  /** For {@code bigint[]}. */
  public static BinaryArray ofLongs() {
    return new BinaryArray(PostgresqlObjectId.INT8_ARRAY, PostgresqlObjectId.INT8);
  }

  /** For {@code timestamptz[]}. */
  public static BinaryArray ofTimes() {
    return new BinaryArray(PostgresqlObjectId.TIMESTAMPTZ_ARRAY, PostgresqlObjectId.TIMESTAMPTZ);
  }

  /** Adds what stands for no value. */
  public void none() {
    length++;
    bytes.writeInt(NULL);
  }

  /** Adds to a {@code uuid[]}. */
  public void uuid(UUID value) {
    length++;
    bytes.writeInt(16);
    bytes.writeLong(value.getMostSignificantBits()).writeLong(value.getLeastSignificantBits());
  }

  /** Adds to an {@code integer[]}. */
  public void integer(@Nullable Integer value) {
    if (value == null) {
      none();
      return;
    }
    length++;
    bytes.writeInt(4).writeInt(value);
  }

  /** Adds to a {@code bigint[]}. */
  public void bigint(@Nullable Long value) {
    if (value == null) {
      none();
      return;
    }
    length++;
    bytes.writeInt(8).writeLong(value);
  }

  /** Adds to a {@code timestamptz[]}, which knows microseconds. */
  public void time(@Nullable Instant value) {
    if (value == null) {
      none();
    } else {
      bigint(ChronoUnit.MICROS.between(EPOCH, value));
    }
  }

  /** Adds to a {@code text[]}, which knows no NUL; it comes out as U+FFFD. */
  public void text(@Nullable CharSequence value) {
    if (value == null) {
      none();
      return;
    }
    length++;
    int at = bytes.writerIndex();
    int size = ByteBufUtil.writeUtf8(bytes.writeInt(0), storable(value));
    bytes.setInt(at, size);
  }

  private static CharSequence storable(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\0') {
        return text.toString().replace('\0', '\ufffd');
      }
    }
    return text;
  }

  /** Whether nothing was added, not even what stands for no value. */
  public boolean isEmpty() {
    return length == 0;
  }

  PostgresqlObjectId arrayType() {
    return arrayType;
  }

  /** A view; the bytes are on the heap, so that nobody has to release them. */
  ByteBuf encoded() {
    bytes.setInt(LENGTH_AT, length);
    return Unpooled.unreleasableBuffer(bytes.duplicate());
  }
}
