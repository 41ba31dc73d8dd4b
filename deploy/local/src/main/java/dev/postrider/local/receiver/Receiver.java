// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import dev.postrider.local.process.Java;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Part.Port;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Probe;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** The demo receiver as a part of the stack. */
public final class Receiver {

  private static final String NAME = "receiver";
  private static final List<String> OPTIONS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dlogback.configurationFile=logback-receiver.xml");

  private Receiver() {}

  /** The receiver on the given port. */
  public static Part part(Java java, Port port) {
    var number = Integer.toString(port.number());
    return new Part(
        NAME,
        List.of(port),
        Set.of(),
        () -> java.mainClass(NAME, OPTIONS, ReceiverServer.class, number),
        Probe.http(URI.create("http://127.0.0.1:" + number + "/")),
        Signal.TERM);
  }
}
