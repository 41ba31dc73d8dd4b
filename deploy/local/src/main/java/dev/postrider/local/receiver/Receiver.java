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

  private static final List<String> OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dlogback.configurationFile=logback-receiver.xml");

  private Receiver() {}

  public static Part part(Port port) {
    var number = Integer.toString(port.number());
    return new Part(
        "receiver",
        List.of(port),
        Set.of(),
        () -> Java.mainClass(OPTIONS, ReceiverServer.class.getName(), List.of(number)),
        Probe.http(URI.create("http://127.0.0.1:" + number + "/")),
        Signal.TERM);
  }
}
