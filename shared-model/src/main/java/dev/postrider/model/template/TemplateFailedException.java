// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

/** A template that does not compile, or makes nothing of what it was given. */
public final class TemplateFailedException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;
  private static final int LONGEST = 500;

  /** Names the line, from 1, and the rule that is broken there. */
  TemplateFailedException(int line, String rule) {
    super("line " + Math.max(1, line) + ": " + cut(rule.strip().replaceAll("\\s+", " ")));
  }

  private static String cut(String rule) {
    return rule.length() <= LONGEST ? rule : rule.substring(0, LONGEST) + "…";
  }

  /** Nobody needs to know where in our code. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
