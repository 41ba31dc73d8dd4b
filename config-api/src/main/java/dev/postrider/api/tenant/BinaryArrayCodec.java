// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.codec.CodecRegistry;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.postgresql.extension.CodecRegistrar;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Tells the driver what to do with a {@link BinaryArray}. It only goes out, never comes back. */
final class BinaryArrayCodec implements Codec<BinaryArray>, CodecRegistrar {

  @Override
  public Publisher<Void> register(
      PostgresqlConnection connection, ByteBufAllocator allocator, CodecRegistry registry) {
    return Mono.fromRunnable(() -> registry.addFirst(this));
  }

  @Override
  public boolean canEncode(Object value) {
    return value instanceof BinaryArray;
  }

  @Override
  public EncodedParameter encode(Object value) {
    BinaryArray array = (BinaryArray) value;
    return encode(value, array.arrayType().getObjectId());
  }

  @Override
  public EncodedParameter encode(Object value, int dataType) {
    BinaryArray array = (BinaryArray) value;
    return new EncodedParameter(Format.FORMAT_BINARY, dataType, Mono.fromSupplier(array::encoded));
  }

  @Override
  public boolean canEncodeNull(Class<?> type) {
    return false;
  }

  @Override
  public EncodedParameter encodeNull() {
    return new EncodedParameter(
        Format.FORMAT_BINARY,
        PostgresqlObjectId.UNSPECIFIED.getObjectId(),
        EncodedParameter.NULL_VALUE);
  }

  @Override
  public boolean canDecode(int dataType, Format format, Class<? extends Object> type) {
    return false;
  }

  @Override
  public BinaryArray decode(
      @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends BinaryArray> type) {
    throw new UnsupportedOperationException("arrays are read by the driver's own codecs");
  }
}
