// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.delivery;

import java.util.Locale;

/**
 * One pass of a delivery through its retry schedule. The router begins the first; each further one
 * is ordered by a person and has a higher number, so that whatever older ones have left waiting is
 * recognised when it comes back, and dropped.
 *
 * @param number 0 for the first; grows with every order
 * @param first number of the attempt from which the schedule counts, from 1
 * @param purpose what it was ordered for
 */
public record Run(long number, int first, Purpose purpose) {

  /** The one that the router begins. */
  public static final Run ORIGINAL = new Run(0, 1, Purpose.SEND);

  private static final char SEPARATOR = '/';

  /** What a run is for. */
  public enum Purpose {
    /** The delivery is sent; nothing of older runs waits. */
    SEND,
    /** The delivery is sent in place of what older runs have left waiting. */
    REPLACE,
    /** Nothing is sent any more: it only takes the place of what older runs have left waiting. */
    CANCEL
  }

  /** Refuses numbers out of bounds. */
  public Run {
    if (number < 0 || first < 1) {
      throw new IllegalArgumentException(
          "runs count from 0, attempts from 1: was %d, %d".formatted(number, first));
    }
  }

  /** Reads the text form. */
  public static Run parse(String text) {
    String[] parts = text.split(String.valueOf(SEPARATOR), -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a run has three parts: was '" + text + "'");
    }
    return new Run(
        Long.parseLong(parts[0]),
        Integer.parseInt(parts[1]),
        Purpose.valueOf(parts[2].toUpperCase(Locale.ROOT)));
  }

  /** Whether it is the one that the router began. */
  public boolean original() {
    return number == 0;
  }

  /** Whether older runs may have left something waiting. */
  public boolean supersedes() {
    return purpose != Purpose.SEND;
  }

  /** Whether nothing is to be sent. */
  public boolean cancels() {
    return purpose == Purpose.CANCEL;
  }

  /** How many attempts of this run were made, when that many were made of the delivery. */
  public int attempts(int ofDelivery) {
    return ofDelivery - first + 1;
  }

  /** The text form: {@code 17/4/replace}. */
  @Override
  public String toString() {
    return "" + number + SEPARATOR + first + SEPARATOR + purpose.name().toLowerCase(Locale.ROOT);
  }
}
