// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.process.PartFailure;
import java.nio.file.Path;

/** What {@code deploy/down} runs: {@code Down CHECKOUT}. */
final class Down {

  private Down() {}

  static void main(String[] arguments) throws InterruptedException {
    var settings = Settings.of(Home.of(Path.of(arguments[0])), System.getenv());
    try {
      LocalStack.of(settings, new Console(System.out)).stop();
      System.out.println("Everything is stopped; the data is kept (deploy/up --fresh forgets it).");
    } catch (PartFailure e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
