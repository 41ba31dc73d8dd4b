// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.el.TruthyTypeConverter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import jinjava.javax.el.ELException;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of their operands. Numbers of more than {@value #MOST_DIGITS} digits, written
 * out, do not count: {@code 1e999999999 + 1} alone would fill the heap.
 */
final class BoundedNumbers extends TruthyTypeConverter {

  private static final long serialVersionUID = 1;
  private static final int MOST_DIGITS = 1000;

  @Override
  protected BigDecimal coerceToBigDecimal(@Nullable Object value) {
    return bounded(super.coerceToBigDecimal(value));
  }

  @Override
  protected BigInteger coerceToBigInteger(@Nullable Object value) {
    return value instanceof BigDecimal decimal
        ? bounded(decimal).toBigInteger()
        : bounded(super.coerceToBigInteger(value));
  }

  @Override
  protected String coerceToString(@Nullable Object value) {
    return value instanceof Map || value instanceof Collection
        ? Rendering.text(value)
        : super.coerceToString(value);
  }

  static BigDecimal bounded(BigDecimal number) {
    if (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
      throw tooLong();
    }
    return number;
  }

  private static BigInteger bounded(BigInteger number) {
    if (number.bitLength() > MOST_DIGITS * 4) {
      throw tooLong();
    }
    return number;
  }

  private static ELException tooLong() {
    return new ELException("a number has at most " + MOST_DIGITS + " digits here");
  }
}
