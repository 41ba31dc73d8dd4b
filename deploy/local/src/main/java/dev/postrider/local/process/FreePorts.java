// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.stream.IntStream;

/** Which TCP ports of 127.0.0.1 nobody listens on. */
public final class FreePorts {

  private FreePorts() {}

  /** A port that was free a moment ago; somebody else may take it before it is used. */
  public static int any() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PartFailure("This machine has no free TCP port on 127.0.0.1", e);
    }
  }

  /** The first free port after the given one that is not spoken for. */
  public static int after(int port, Set<Integer> spokenFor) {
    return IntStream.rangeClosed(port + 1, 65535)
        .filter(candidate -> !spokenFor.contains(candidate))
        .filter(FreePorts::isFree)
        .findFirst()
        .orElseThrow(() -> new PartFailure("There is no free port above " + port));
  }

  static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
