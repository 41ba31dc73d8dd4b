// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

/** What servers without TLS 1.2 say to a client that offers nothing older. */
public final class OldTls {

  /** A fatal alert, protocol_version. */
  public static final String ALERT = "\u0015\u0003\u0001\u0000\u0002\u0002\u0046";

  /** Or, of one that does not know what newer versions look like, a ServerHello of TLS 1.0. */
  public static final String SERVER_HELLO =
      "\u0016\u0003\u0001\u0000\u002a\u0002\u0000\u0000\u0026\u0003\u0001"
          + "thirty-two characters at random."
          + "\u0000\u00c0\u0013\u0000";

  private OldTls() {}
}
