// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.io.Serial;

/**
 * We declined to connect. The message is the same for every address and carries no detail, so that
 * it can be shown to a tenant without telling it about our network.
 */
public final class EgressRefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final AddressVerdict why;

  /** Without a stack trace: a refusal is an answer, and an attacker can ask for many. */
  EgressRefusedException(Stage stage, AddressVerdict why) {
    super("the destination's address must not be private or reserved", null, false, false);
    this.stage = stage;
    this.why = why;
  }

  /** Where it was refused. */
  public Stage stage() {
    return stage;
  }

  /** By which rule; for the operator, not for the tenant. */
  public AddressVerdict why() {
    return why;
  }
}
