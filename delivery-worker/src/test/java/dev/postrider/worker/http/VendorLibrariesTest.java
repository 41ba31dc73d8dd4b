// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.slack.api.app_backend.SlackSignature;
import com.squareup.square.utilities.WebhooksHelper;
import com.stripe.exception.SignatureVerificationException;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.signature.Algorithm;
import dev.postrider.model.signature.KeyForm;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.SigningSecret;
import dev.postrider.model.signature.TextForm;
import dev.postrider.test.ScriptedServer;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests as they are sent, judged by the libraries that vendors give to their receivers. None
 * that is on Maven Central or npm judges standard_webhooks_ed25519, pagerduty and zenduty: for
 * these it is the vendors' vectors and documents.
 */
class VendorLibrariesTest {

  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("Postrider");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Path SOURCES = Path.of("src/test/resources/vendors");
  private static final Path DIRECTORY = Path.of("target/vendors");

  /** An event of each vendor's; Zoom's library can judge JSON without white space only. */
  private static final String EVENT =
      "{\"id\":\"evt_1\",\"object\":\"event\",\"event\":\"a.b\",\"title\":\"Zürich\"}";

  private static final SignatureScheme SQUARE =
      new SignatureScheme(
          "custom",
          Algorithm.HMAC_SHA256,
          KeyForm.UTF8,
          TextForm.BASE64,
          "{url}{body}",
          List.of("x-square-hmacsha256-signature: {signature}"));

  /** Without which Shopify's library takes a request for none of Shopify's. */
  private static final List<HttpHeader> SHOPIFYS =
      List.of(
          new HttpHeader("X-Shopify-Topic", "orders/create"),
          new HttpHeader("X-Shopify-Shop-Domain", "shop.myshopify.com"),
          new HttpHeader("X-Shopify-API-Version", "2026-07"),
          new HttpHeader("X-Shopify-Webhook-Id", "1"));

  @RegisterExtension private final TestSender sender = new TestSender();

  /** What a receiver has in hand; the names of headers in lower case. */
  record Taken(
      String scheme,
      String secret,
      String method,
      String url,
      Map<String, String> headers,
      String body) {

    Taken withBody(String other) {
      return new Taken(scheme, secret, method, url, headers, other);
    }

    Taken by(String other) {
      return new Taken(scheme, other, method, url, headers, body);
    }

    String header(String name) {
      return headers.get(name);
    }
  }

  interface Library {
    boolean accepts(Taken request) throws Exception;
  }

  record Vendor(String name, SignatureScheme scheme, Library library) {

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Vendor> VENDORS =
      List.of(
          new Vendor(
              "Standard Webhooks",
              named("standard_webhooks"),
              VendorLibrariesTest::standardWebhooks),
          new Vendor("Svix", named("standard_webhooks"), VendorLibrariesTest::svix),
          new Vendor("Stripe", named("stripe"), VendorLibrariesTest::stripe),
          new Vendor("Slack", named("slack"), VendorLibrariesTest::slack),
          new Vendor("Square", SQUARE, VendorLibrariesTest::square));

  @ParameterizedTest
  @FieldSource("VENDORS")
  void acceptWhatIsSentAndNothingElse(Vendor vendor) throws Exception {
    for (Map.Entry<Taken, Boolean> expected : verdicts(vendor.scheme(), List.of()).entrySet()) {
      assertThat(vendor.library().accepts(expected.getKey())).isEqualTo(expected.getValue());
    }
  }

  /** The libraries of GitHub, Shopify and Zoom, and one for RFC 9421. */
  @Test
  void acceptWhatIsSentAndNothingElseInNode() throws Exception {
    assumeTrue(isThere("node") && isThere("npm"), "Node is not installed");
    Map<Taken, Boolean> expected = new LinkedHashMap<>();
    for (String scheme : List.of("github", "zoom", "rfc9421_hmac", "rfc9421_ed25519")) {
      expected.putAll(verdicts(named(scheme), List.of()));
    }
    expected.putAll(verdicts(named("shopify"), SHOPIFYS));

    assertThat(judgedInNode(List.copyOf(expected.keySet())))
        .isEqualTo(List.copyOf(expected.values()));
  }

  private static SignatureScheme named(String scheme) {
    return SCHEMES.named(scheme).orElseThrow();
  }

  private Map<Taken, Boolean> verdicts(SignatureScheme scheme, List<HttpHeader> headers) {
    SigningSecret secret = SigningSecret.generate(scheme, RANDOM);
    Taken taken = taken(scheme, secret, headers);
    Map<Taken, Boolean> verdicts = new LinkedHashMap<>();
    verdicts.put(taken, true);
    verdicts.put(taken.withBody(EVENT.replace("Zürich", "Zurich")), false);
    verdicts.put(taken.withBody(EVENT.replace("evt_1", "evt_2")), false);
    verdicts.put(taken.by(verifying(SigningSecret.generate(scheme, RANDOM))), false);
    return verdicts;
  }

  private Taken taken(SignatureScheme scheme, SigningSecret secret, List<HttpHeader> headers) {
    String ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedServer receiver = ScriptedServer.answering(ok)) {
      String url = receiver.url() + "hook?tenant=a%20b";
      sender.send(url, scheme, secret, headers, EVENT.getBytes(UTF_8));
      ScriptedServer.Exchange exchange = receiver.exchanges.getFirst();
      String body = new String(exchange.body().getBytes(ISO_8859_1), UTF_8);
      String method = exchange.head().substring(0, exchange.head().indexOf(' '));
      return new Taken(
          scheme.name(), verifying(secret), method, url, headers(exchange.head()), body);
    }
  }

  private static String verifying(SigningSecret secret) {
    return secret.publicKey().orElse(secret.text().revealText());
  }

  private static Map<String, String> headers(String head) {
    Map<String, String> headers = new TreeMap<>();
    head.lines()
        .filter(line -> line.contains(": "))
        .map(line -> line.split(": ", 2))
        .forEach(line -> headers.put(line[0].toLowerCase(Locale.ROOT), line[1]));
    return headers;
  }

  private static Map<String, List<String>> lists(Taken request) {
    Map<String, List<String>> lists = new TreeMap<>();
    request.headers().forEach((name, value) -> lists.put(name, List.of(value)));
    return lists;
  }

  private static boolean standardWebhooks(Taken request) throws Exception {
    try {
      new com.standardwebhooks.Webhook(request.secret())
          .verify(request.body(), HttpHeaders.of(lists(request), (_, _) -> true));
      return true;
    } catch (com.standardwebhooks.exceptions.WebhookVerificationException _) {
      return false;
    }
  }

  private static boolean svix(Taken request) throws Exception {
    try {
      new com.svix.Webhook(request.secret()).verify(request.body(), lists(request));
      return true;
    } catch (com.svix.exceptions.WebhookVerificationException _) {
      return false;
    }
  }

  private static boolean stripe(Taken request) {
    try {
      String signature = request.header("stripe-signature");
      com.stripe.net.Webhook.constructEvent(request.body(), signature, request.secret());
      return true;
    } catch (SignatureVerificationException _) {
      return false;
    }
  }

  private static boolean slack(Taken request) {
    return new SlackSignature.Verifier(new SlackSignature.Generator(request.secret()))
        .isValid(
            request.header("x-slack-request-timestamp"),
            request.body(),
            request.header("x-slack-signature"));
  }

  private static boolean square(Taken request) {
    String signature = request.header("x-square-hmacsha256-signature");
    return WebhooksHelper.verifySignature(
        request.body(), signature, request.secret(), request.url());
  }

  private static boolean isThere(String command) throws InterruptedException {
    try {
      return new ProcessBuilder(command, "--version").start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static List<Boolean> judgedInNode(List<Taken> requests) throws Exception {
    install();
    Process node =
        new ProcessBuilder("node", "libraries.mjs")
            .directory(DIRECTORY.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = node.outputWriter(UTF_8)) {
      for (Taken request : requests) {
        lines.write(JsonMapper.shared().writeValueAsString(request) + "\n");
      }
    }
    List<Boolean> said = node.inputReader(UTF_8).lines().map(Boolean::valueOf).toList();
    assertThat(node.waitFor()).isZero();
    return said;
  }

  /** What is locked, from npm's cache where it is there. */
  private static void install() throws Exception {
    Path installed = DIRECTORY.resolve("node_modules/.package-lock.json");
    Path lock = DIRECTORY.resolve("package-lock.json");
    Files.createDirectories(DIRECTORY);
    boolean done =
        Files.exists(installed)
            && Files.exists(lock)
            && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
    for (String file : List.of("package.json", "package-lock.json", "libraries.mjs")) {
      Files.writeString(DIRECTORY.resolve(file), Files.readString(SOURCES.resolve(file)));
    }
    if (done) {
      return;
    }
    Process npm =
        new ProcessBuilder(
                "npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(DIRECTORY.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(npm.getInputStream().readAllBytes(), UTF_8);
    assertThat(npm.waitFor()).as("%s", printed).isZero();
  }
}
