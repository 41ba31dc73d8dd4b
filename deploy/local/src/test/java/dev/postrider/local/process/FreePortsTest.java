// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  @Test
  void seesAPortThatAnyAddressListensOn() throws IOException {
    try (var socket = new ServerSocket(0)) {
      assertThat(FreePorts.isFree(socket.getLocalPort())).isFalse();
    }
  }

  @Test
  void skipsPortsThatAreSpokenFor() {
    var first = FreePorts.after(20000, Set.of());
    assertThat(FreePorts.after(20000, Set.of(first))).isGreaterThan(first);
  }
}
