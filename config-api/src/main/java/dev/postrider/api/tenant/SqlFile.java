// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;

/** Statements that are too long for a string. */
public final class SqlFile {

  private SqlFile() {}

  /** The statement in {@code sql/} of the resources. */
  public static String read(String name) {
    try {
      return new ClassPathResource("sql/" + name).getContentAsString(UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the statement " + name + " is not packaged", e);
    }
  }
}
