// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.postgres;

import com.sun.security.auth.module.UnixSystem;
import dev.postrider.local.process.PartFailure;
import dev.postrider.local.process.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run a program that refuses to run as root or as a user without a name. Every way replaces
 * itself with the program, so that the pid is the program's own.
 *
 * @param prefix the words in front of the command
 * @param dropsUser whether files must belong to {@code nobody} to be read
 */
record Unprivileged(List<String> prefix, boolean dropsUser) {

  /** What Java calls a user that is not in /etc/passwd; PostgreSQL insists on a name. */
  private static final String NAMELESS = "?";

  private static final Unprivileged AS_IT_IS = new Unprivileged(List.of(), false);

  /** In a user namespace without a mapping, root is nobody, and its files are still its own. */
  private static final Unprivileged IN_NAMESPACE =
      new Unprivileged(List.of("unshare", "--user"), false);

  /** For containers that may not make namespaces; the checkout must be readable by everybody. */
  private static final Unprivileged AS_NOBODY =
      new Unprivileged(
          List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"), true);

  static Unprivileged find() {
    if (new UnixSystem().getUid() != 0 && !NAMELESS.equals(System.getProperty("user.name"))) {
      return AS_IT_IS;
    }
    if (IN_NAMESPACE.works()) {
      return IN_NAMESPACE;
    }
    if (AS_NOBODY.works()) {
      return AS_NOBODY;
    }
    throw new PartFailure(
        "PostgreSQL does not run as this user, and neither unshare nor setpriv can change that here:"
            + " run deploy/up as an ordinary user, or point POSTRIDER_POSTGRES at a database.");
  }

  ProcessBuilder command(List<String> words) {
    var command = new ArrayList<>(prefix);
    command.addAll(words);
    return new ProcessBuilder(command);
  }

  void createDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
    own(directory);
  }

  void own(Path path) throws IOException {
    if (dropsUser) {
      Tool.run(new ProcessBuilder("chown", "65534:65534", path.toString()), "");
    }
  }

  private boolean works() {
    try {
      Tool.run(command(List.of("true")), "");
      return true;
    } catch (IOException no) {
      return false;
    }
  }
}
