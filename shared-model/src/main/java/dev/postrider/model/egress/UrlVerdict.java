// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

/** What the rules say about a URL before its name is resolved. */
public sealed interface UrlVerdict {

  /**
   * The URL is well formed; whether its name leads somewhere allowed is judged when it resolves.
   */
  record Allowed(Target target) implements UrlVerdict {}

  /**
   * The URL breaks a rule.
   *
   * @param message the field and the rule, for whoever sent the URL
   */
  record Refused(String message) implements UrlVerdict {}
}
