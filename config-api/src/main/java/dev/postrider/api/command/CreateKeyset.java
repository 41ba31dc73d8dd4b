// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import dev.postrider.model.secret.KeysetRefusedException;
import dev.postrider.model.secret.SecretBox;
import java.io.PrintStream;
import java.nio.file.Path;

/** The command that makes the master keyset, once, before the first start of either service. */
final class CreateKeyset {

  static final String NAME = "create-keyset";

  private CreateKeyset() {}

  /** Returns the exit status; why it is not 0 goes to {@code complaints}. */
  static int run(String[] arguments, PrintStream complaints) {
    if (arguments.length != 2) {
      complaints.println(
          NAME + " needs one argument, the file to make: had " + (arguments.length - 1));
      return Command.MISUSED;
    }
    try {
      SecretBox.createKeyset(Path.of(arguments[1]));
      return Command.DONE;
    } catch (KeysetRefusedException e) {
      complaints.println(e.getMessage());
      return Command.REFUSED;
    }
  }
}
