// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.Locale;

/** Where on its way out a request was refused. */
public enum Stage {
  /** By the URL itself, before its name was resolved. */
  URL,
  /** After resolution: no address of the name may be reached. */
  RESOLVE,
  /** At the socket, whatever led there. */
  CONNECT;

  /** The name as a metric label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
