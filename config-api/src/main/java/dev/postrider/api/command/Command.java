// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.Stream;

/** What the jar does instead of serving, when its first word says so. */
public enum Command {
  CREATE_KEYSET(CreateKeyset.NAME),
  ROTATE_KEYS(RotateKeys.NAME),
  VERIFY_AUDIT(VerifyAudit.NAME);

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int MISUSED = 2;

  private final String word;

  Command(String word) {
    this.word = word;
  }

  /** The one that the first argument names; empty when the service is meant. */
  public static Optional<Command> in(String... arguments) {
    return Stream.of(values())
        .filter(each -> arguments.length > 0 && each.word.equals(arguments[0]))
        .findAny();
  }

  /**
   * Returns the exit status: 0 when it is done, 1 when that was refused or something was found
   * wrong, 2 for a misuse or when it cannot say.
   *
   * @param arguments its own word first
   */
  public int run(String[] arguments, PrintStream out, PrintStream complaints) {
    return switch (this) {
      case CREATE_KEYSET -> CreateKeyset.run(arguments, complaints);
      case ROTATE_KEYS -> RotateKeys.run(arguments, out, complaints);
      case VERIFY_AUDIT -> VerifyAudit.run(arguments, out, complaints);
    };
  }
}
