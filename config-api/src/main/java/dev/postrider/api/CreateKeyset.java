// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import dev.postrider.model.secret.KeysetRefusedException;
import dev.postrider.model.secret.SecretBox;
import java.io.PrintStream;
import java.nio.file.Path;

/** The command that makes the master keyset, once, before the first start of either service. */
final class CreateKeyset {

  static final String NAME = "create-keyset";

  private static final int DONE = 0;
  private static final int REFUSED = 1;
  private static final int MISUSED = 2;

  private CreateKeyset() {}

  /** Returns the exit status; why it is not 0 goes to {@code complaints}. */
  static int run(String[] arguments, PrintStream complaints) {
    if (arguments.length != 2) {
      complaints.println(
          NAME + " needs one argument, the file to make: had " + (arguments.length - 1));
      return MISUSED;
    }
    try {
      SecretBox.createKeyset(Path.of(arguments[1]));
      return DONE;
    } catch (KeysetRefusedException e) {
      complaints.println(e.getMessage());
      return REFUSED;
    }
  }
}
