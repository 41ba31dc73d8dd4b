// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * One server of the stack: what starts it, what proves that it works, what must be up before it.
 *
 * @param name as in {@code POSTRIDER_PIDS}
 * @param ports the first is the one by which the part is known
 * @param needs names of the parts that must be healthy before this one is launched
 */
public record Part(
    String name, List<Port> ports, Set<String> needs, Launch launch, Probe probe, Signal stop) {

  public Part {
    ports = List.copyOf(ports);
    needs = Set.copyOf(needs);
  }

  public int port() {
    return ports.getFirst().number();
  }

  /** A port and the environment variable that moves it. */
  public record Port(String variable, int number) {}

  /** Prepares what the process needs on disk, and names its command. */
  @FunctionalInterface
  public interface Launch {
    /** May take seconds, the first time; is called again for every start. */
    ProcessBuilder prepare() throws IOException;
  }

  /** The signal that asks a process to end in good order. */
  public enum Signal {
    TERM,
    /** What PostgreSQL calls a fast shutdown: it does not wait for its clients to leave. */
    INT
  }
}
