// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import dev.postrider.api.rotation.KeyUse;
import dev.postrider.model.secret.Keyset;
import dev.postrider.model.secret.Keyset.SealingKey;
import dev.postrider.model.secret.KeysetRefusedException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/**
 * The command that changes the master keyset a step at a time: {@code rotate-keys status}, {@code
 * add}, {@code promote KEY}, {@code disable KEY}, {@code enable KEY}, {@code destroy KEY}. It reads
 * the service's own settings and writes the file only; {@code docs/operations.md} has the order.
 */
final class RotateKeys {

  static final String NAME = "rotate-keys";

  private final Keyset keyset;
  private final KeyUse use;
  private final PrintStream out;

  private RotateKeys(ConfigurableApplicationContext context, PrintStream out) {
    this.keyset = Keyset.in(context.getBean(Path.class));
    this.use = context.getBean(KeyUse.class);
    this.out = out;
  }

  /** Returns the exit status: 0 when it is done, 1 when it is refused, 2 for a misuse. */
  static int run(String[] arguments, PrintStream out, PrintStream complaints) {
    var given = new DefaultApplicationArguments(arguments);
    List<String> words = given.getNonOptionArgs();
    String step = words.size() < 2 ? "" : words.get(1);
    int wanted = step.equals("status") || step.equals("add") ? 2 : 3;
    try (var context =
        CommandContext.start(
            Stream.of(arguments).filter(each -> each.startsWith("--")), KeyUse.class)) {
      if (words.size() == wanted && new RotateKeys(context, out).step(step, words.getLast())) {
        return Command.DONE;
      }
      complaints.println(
          NAME + " takes one of: status, add, promote KEY, disable KEY, enable KEY, destroy KEY");
      return Command.MISUSED;
    } catch (KeysetRefusedException e) {
      complaints.println(e.getMessage());
      return Command.REFUSED;
    } catch (RuntimeException e) {
      complaints.println("not done: " + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
      return Command.REFUSED;
    }
  }

  private boolean step(String step, String key) {
    switch (step) {
      case "status" -> status();
      case "add" -> out.println(keyset.add());
      case "promote" -> keyset.promote(key);
      case "disable" -> unused(key).disable(key);
      case "enable" -> keyset.enable(key);
      case "destroy" -> unused(key).destroy(key);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** A line for each key: {@code 1a2b3c4d primary, 120 rows}. */
  private void status() {
    Map<String, Long> rows = use.rows().blockOptional().orElseThrow();
    for (SealingKey key : keyset.keys()) {
      String state = key.primary() ? "primary" : key.enabled() ? "enabled" : "disabled";
      out.printf("%s %s, %d rows%n", key.id(), state, rows.getOrDefault(key.id(), 0L));
    }
  }

  private Keyset unused(String key) {
    long rows = use.rows().blockOptional().orElseThrow().getOrDefault(key, 0L);
    long waiting = use.waiting().blockOptional().orElseThrow();
    if (rows > 0 || waiting > 0) {
      throw new IllegalStateException(
          "the key %s is needed: %d rows are sealed with it, %d records wait for Kafka"
              .formatted(key, rows, waiting));
    }
    return keyset;
  }
}
