// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.NameServers;
import dev.postrider.model.egress.TestClients;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.SigningSecret;
import dev.postrider.model.trace.Tracing;
import dev.postrider.test.ScriptedServer;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.TestDestinations;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sends to receivers on loopback, through the real guarded client. As an extension it is closed
 * after each test.
 */
final class TestSender implements AutoCloseable, AfterEachCallback {

  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final GuardedHttpClient client;
  private final SecretBox secrets = SecretBox.open(keyset());
  private final Sender sender;
  private int offset;

  TestSender() {
    this(TestClients.toLoopback());
  }

  TestSender(GuardedHttpClient client) {
    this(client, AddressRules.allowing("127.0.0.1/32"));
  }

  /** To the public only. */
  static TestSender strict() {
    AddressRules rules = AddressRules.allowing("");
    return new TestSender(
        GuardedHttpClient.create(rules, NameServers.OF_THIS_MACHINE, (_, _) -> {}, 1), rules);
  }

  private TestSender(GuardedHttpClient client, AddressRules rules) {
    this.client = client;
    this.sender =
        new Sender(
            client,
            new UrlRules(rules),
            SignatureSchemes.branded("Postrider"),
            secrets,
            "Postrider/test",
            Tracing.OFF,
            InstantSource.system());
  }

  private static Path keyset() {
    try {
      Path keyset = Files.createTempDirectory("sender").resolve("keyset.json");
      SecretBox.createKeyset(keyset);
      return keyset;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Attempt send(String url, Duration timeout) {
    return send(url, timeout, "{}".getBytes(UTF_8));
  }

  /** Another delivery each time. */
  Attempt send(String url, Duration timeout, byte[] data) {
    return send(TestDeliveries.destination(URI.create(url), timeout), data);
  }

  /** One that is signed by this scheme, and has these headers of the tenant's. */
  Attempt send(
      String url,
      SignatureScheme scheme,
      SigningSecret secret,
      List<HttpHeader> headers,
      byte[] data) {
    Destination usual = TestDeliveries.destination(URI.create(url), TIMEOUT);
    var place = Signing.placeOf(usual.tenant(), usual.id());
    var key = new Signing.Key(secrets.seal(secret.text(), place), null);
    boolean custom = scheme.name().equals("custom");
    var signing = new Signing(scheme.name(), custom ? scheme : null, List.of(key));
    var request =
        new HttpRequestSettings(
            usual.request().endpoint(), "POST", headers, PayloadFormat.RAW, null, TIMEOUT);
    return send(TestDestinations.with(TestDestinations.with(usual, signing), request), data);
  }

  private Attempt send(Destination destination, byte[] data) {
    Instant now = Instant.now();
    Receiver receiver = sender.ready(destination, now);
    PlatformEvent event =
        new EventDraft(
                Map.of(
                    "specversion",
                    "1.0",
                    "id",
                    "e",
                    "source",
                    "/a",
                    "type",
                    "t",
                    "tenantid",
                    "acme"),
                "application/json",
                Payload.of(data))
            .at(new EventId(now, 0, offset++));
    CompletableFuture<Attempt> ended = new CompletableFuture<>();
    sender.send(receiver, Delivery.first(event, TestDeliveries.DESTINATION), now, ended::complete);
    return ended.orTimeout(1, TimeUnit.MINUTES).join();
  }

  Attempt send(ScriptedServer receiver) {
    return send(receiver.url(), TIMEOUT);
  }

  Outcome outcome(String url) {
    return send(url, TIMEOUT).outcome();
  }

  Outcome outcome(ScriptedServer receiver) {
    return send(receiver).outcome();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    client.close();
  }
}
