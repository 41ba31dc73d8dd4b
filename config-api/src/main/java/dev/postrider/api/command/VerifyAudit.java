// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.api.audit.AuditVerifier;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.core.NestedExceptionUtils;

/**
 * The command that looks whether the audit trail is what was written: {@code verify-audit
 * [--tenant=T] [--checkpoints=FILE]}. It reads the service's own settings, changes nothing, and may
 * run while the service does.
 */
final class VerifyAudit {

  static final String NAME = "verify-audit";

  private static final List<String> OPTIONS = List.of("tenant", "checkpoints");

  private VerifyAudit() {}

  /**
   * Returns the exit status: 0 when all is well, 1 when anything is wrong, 2 when it cannot say.
   */
  static int run(String[] arguments, PrintStream out, PrintStream complaints) {
    var given =
        new DefaultApplicationArguments(Stream.of(arguments).skip(1).toArray(String[]::new));
    String misuse = misuse(given);
    if (misuse != null) {
      complaints.println(misuse);
      return Command.MISUSED;
    }
    try (var context = CommandContext.start(settings(given), AuditVerifier.class)) {
      var verifier = context.getBean(AuditVerifier.class);
      List<String> log = checkpoints(value(given, "checkpoints"));
      return verifier.verify(value(given, "tenant"), log, out) ? Command.DONE : Command.REFUSED;
    } catch (IOException e) {
      complaints.println("the checkpoints cannot be read: " + e);
      return Command.MISUSED;
    } catch (RuntimeException e) {
      complaints.println("not verified: " + NestedExceptionUtils.getMostSpecificCause(e));
      return Command.MISUSED;
    }
  }

  private static @Nullable String misuse(DefaultApplicationArguments given) {
    boolean known =
        given.getOptionNames().stream().allMatch(name -> OPTIONS.contains(name) || setting(name));
    return known && given.getNonOptionArgs().isEmpty()
        ? null
        : NAME + " takes --tenant=T and --checkpoints=FILE, and settings as --postrider.…=…";
  }

  private static boolean setting(String name) {
    return name.startsWith("postrider.");
  }

  private static Stream<String> settings(DefaultApplicationArguments given) {
    return Stream.of(given.getSourceArgs()).filter(each -> each.startsWith("--postrider."));
  }

  private static @Nullable String value(DefaultApplicationArguments given, String name) {
    List<String> values = given.getOptionValues(name);
    return values == null || values.isEmpty() ? null : values.getLast();
  }

  private static List<String> checkpoints(@Nullable String file) throws IOException {
    if (file == null) {
      return List.of();
    }
    try (Stream<String> log = Files.lines(Path.of(file), ISO_8859_1)) {
      return log.filter(line -> line.contains("audit checkpoint ")).toList();
    }
  }
}
