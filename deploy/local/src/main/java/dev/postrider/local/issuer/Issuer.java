// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import dev.postrider.local.process.Java;
import dev.postrider.local.process.Part;
import dev.postrider.local.process.Part.Launch;
import dev.postrider.local.process.Part.Port;
import dev.postrider.local.process.Part.Signal;
import dev.postrider.local.process.Probe;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The demo issuer as a part of the stack. */
public final class Issuer {

  private static final String NAME = "issuer";
  private static final List<String> OPTIONS =
      List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private Issuer() {}

  /**
   * The issuer on the given port.
   *
   * @param environment what {@link IssuerProperties} reads
   */
  public static Part part(Java java, Port port, Map<String, String> environment) {
    var probe =
        Probe.http(
            URI.create(
                "http://127.0.0.1:%d/.well-known/openid-configuration".formatted(port.number())));
    return new Part(
        NAME, List.of(port), Set.of(), launch(java, port, environment), probe, Signal.TERM);
  }

  private static Launch launch(Java java, Port port, Map<String, String> environment) {
    return () -> {
      var builder = java.mainClass(NAME, OPTIONS, IssuerApplication.class);
      builder.environment().putAll(environment);
      builder.environment().put("SERVER_PORT", Integer.toString(port.number()));
      return builder;
    };
  }
}
