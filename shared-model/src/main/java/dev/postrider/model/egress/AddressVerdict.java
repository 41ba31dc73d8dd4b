// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.Locale;

/** What the rules say about one address. */
public enum AddressVerdict {
  /** An address of the public Internet. */
  PUBLIC,
  /** Private or not, the operator lists it; the https and port rules are lifted too. */
  PERMITTED,
  /** Serves a cloud's credentials; denied whatever the operator lists. */
  METADATA,
  /** The operator denies it. */
  DENIED,
  /** One of this machine's own addresses. */
  OWN,
  /** Private, reserved or otherwise special by the registries of IANA. */
  RESERVED,
  /** No address at all, or of an unknown kind. */
  UNRESOLVED;

  /** Whether a connection may be made. */
  public boolean isReachable() {
    return this == PUBLIC || this == PERMITTED;
  }

  /** The name as a metric label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
