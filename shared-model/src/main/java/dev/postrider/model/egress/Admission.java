// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.net.URI;

/** Whether a URL may be registered, now that its name has been looked up. */
public sealed interface Admission {

  /** It leads to at least one address that may be reached. */
  record Admitted(URI uri) implements Admission {}

  /**
   * It breaks a rule, or leads only to addresses that may not be reached.
   *
   * @param message the field and the rule
   */
  record Refused(String message) implements Admission {}

  /**
   * Its name has no address today; acceptable, since every delivery judges again.
   *
   * @param reason for the one who registers it
   */
  record Unresolved(URI uri, String reason) implements Admission {}
}
