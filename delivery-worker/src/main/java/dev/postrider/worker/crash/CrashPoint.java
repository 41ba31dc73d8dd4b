// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.crash;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place between two steps of a delivery at which the process can be told to halt, as if it had
 * been killed there: {@code -Dpostrider.crash-at=after-sign:20} halts it at the twentieth passage,
 * and without a number at the first. In order of a delivery's way:
 */
public enum CrashPoint {
  /** Records were read; nothing was done for them. */
  AFTER_POLL,
  /** A request is signed and not sent. */
  AFTER_SIGN,
  /** The receiver has answered; nobody has been told. */
  AFTER_RESPONSE,
  /** The report is safe; what follows from it was not begun. */
  AFTER_OUTCOME,
  /** The delivery lies in a retry tier; the record it came from has not settled. */
  AFTER_PARK,
  /** Records have settled and their offsets are about to be committed. */
  BEFORE_COMMIT;

  private static final Logger LOG = LoggerFactory.getLogger(CrashPoint.class);
  private static final String PROPERTY = "postrider.crash-at";

  /** What a process killed by signal 9 ends with. */
  private static final int KILLED = 137;

  /** Constant, so that {@link #reached} costs nothing where nothing was ordered. */
  private static final @Nullable CrashOrder ORDER = CrashOrder.parse(System.getProperty(PROPERTY));

  /** Halts the process if this is the place and the time. */
  public void reached() {
    if (ORDER != null && ORDER.isDue(this)) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  /**
   * Says in the log what was ordered.
   *
   * @throws ExceptionInInitializerError when the order names no place, with all of them
   */
  public static void announce() {
    if (ORDER != null) {
      LOG.warn("{} is set: this worker will halt, for a test, at {}", PROPERTY, ORDER);
    }
  }

  /** As in the property. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
