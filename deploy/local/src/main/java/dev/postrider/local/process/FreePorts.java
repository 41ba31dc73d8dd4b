// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Which TCP ports of 127.0.0.1 nobody listens on. */
public final class FreePorts {

  private static final int LOWEST = 10_000;

  /** Where Linux begins unless told otherwise, less some for those that are not free. */
  private static final int LOWEST_OUTGOING = 32_000;

  private FreePorts() {}

  /**
   * A port that was free a moment ago; somebody else may take it before it is used. Below those
   * that systems give to outgoing connections, of which a stack has many before its last part
   * starts.
   */
  public static int any() {
    return after(ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OUTGOING), Set.of());
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
