// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.repartition;

/** Records lie by another partition count; the message is one line for the operator. */
public final class LayoutRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LayoutRefusedException(String message) {
    super(message);
  }
}
