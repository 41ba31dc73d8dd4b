// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.Signer;
import dev.postrider.model.signature.SigningInput;
import dev.postrider.model.signature.SigningSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The code in {@code docs/verifying-signatures.md} is run as it stands there, on requests that are
 * signed as the worker signs them.
 */
class VerifyingSignaturesTest {

  private static final Path PAGE = Path.of("../../docs/verifying-signatures.md");
  private static final Path DRIVERS = Path.of("src/test/resources/verifying");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
  private static final Pattern NAME =
      Pattern.compile("(?m)^(?:final class|def|function|func) (\\w+)");

  private static final SignatureSchemes SCHEMES = SignatureSchemes.branded("Postrider");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String BODY = "{\"title\": \"Zürich\", \"amount\": 1.50}";
  private static final String BODY_OF_PYTHON =
      "{\"title\": \"Z\\u00fcrich\", \"merged_with\": null}";

  /** How the code of a language is run; the code itself goes to a directory below the driver. */
  private enum Language {
    JAVA("Driver.java", "", javaOfThisJvm(), "Driver.java"),
    PYTHON("driver.py", "", "python3", "driver.py"),
    JS("driver.js", "", "node", "driver.js"),
    GO("driver.go", "webhooks", "go", "run", ".");

    private final String driver;
    private final String directory;
    private final List<String> command;

    Language(String driver, String directory, String... command) {
      this.driver = driver;
      this.directory = directory;
      this.command = List.of(command);
    }

    private static String javaOfThisJvm() {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    boolean isThere() throws InterruptedException {
      try {
        String version = this == GO ? "version" : "--version";
        return new ProcessBuilder(command.getFirst(), version).start().waitFor() == 0;
      } catch (IOException absent) {
        return false;
      }
    }

    String suffix() {
      return driver.substring(driver.indexOf('.'));
    }
  }

  /** What a receiver has in hand: its secret and the parts of a request; empty, what has none. */
  private record Request(
      String scheme, String secret, String id, String timestamp, String signature, String body) {

    Request withBody(String other) {
      return new Request(scheme, secret, id, timestamp, signature, other);
    }

    Request withTimestamp(String other) {
      return new Request(scheme, secret, id, other, signature, body);
    }

    Request by(SigningSecret other) {
      return new Request(scheme, other.text().revealText(), id, timestamp, signature, body);
    }

    Request as(String other) {
      return new Request(other, secret, id, timestamp, signature, body);
    }

    String line() {
      String bytes = Base64.getEncoder().encodeToString(body.getBytes(UTF_8));
      return String.join("\t", scheme, secret, id, timestamp, signature, bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void z13AcceptsWhatIsSignedAndNothingElse(Language language, @TempDir Path directory)
      throws Exception {
    assumeTrue(language.isThere(), language + " is not installed");
    Map<Request, Boolean> expected = new LinkedHashMap<>();
    for (String scheme : List.of("standard_webhooks", "timestamped_hex", "zenduty")) {
      expected.putAll(verdicts(SCHEMES.named(scheme).orElseThrow()));
    }

    assertThat(judged(language, directory, expected.keySet())).isEqualTo(expected);
  }

  /** As Zenduty's documentation does, which cannot see how much white space there was. */
  @Test
  void z10IsVerifiedByWhoeverParsesTheBodyAndWritesItAgainInPython(@TempDir Path directory)
      throws Exception {
    assumeTrue(Language.PYTHON.isThere(), "Python is not installed");
    SignatureScheme scheme = SCHEMES.named("zenduty").orElseThrow();
    SigningSecret secret = SigningSecret.generate(scheme, RANDOM);
    Request request =
        signed(scheme, Instant.now(), BODY_OF_PYTHON, secret).as("zenduty_reserialized");
    Map<Request, Boolean> expected = new LinkedHashMap<>();
    expected.put(request, true);
    expected.put(request.withBody(BODY_OF_PYTHON.replace("null", "1")), false);
    expected.put(request.by(SigningSecret.generate(scheme, RANDOM)), false);

    assertThat(judged(Language.PYTHON, directory, expected.keySet())).isEqualTo(expected);
  }

  private static Map<Request, Boolean> verdicts(SignatureScheme scheme) {
    SigningSecret older = SigningSecret.generate(scheme, RANDOM);
    SigningSecret newer = SigningSecret.generate(scheme, RANDOM);
    Request request = signed(scheme, Instant.now(), BODY, newer);
    Map<Request, Boolean> verdicts = new LinkedHashMap<>();
    verdicts.put(request, true);
    verdicts.put(request.withBody(BODY.replaceFirst(" ", "")), false);
    verdicts.put(request.withBody(BODY.replaceFirst(" ", "\t")), false);
    verdicts.put(request.by(older), false);
    if (!request.timestamp().isEmpty()) {
      Instant longAgo = Instant.now().minus(Duration.ofMinutes(6));
      verdicts.put(signed(scheme, Instant.now(), BODY, newer, older).by(older), true);
      verdicts.put(signed(scheme, longAgo, BODY, newer), false);
      verdicts.put(request.withTimestamp("soon"), false);
    }
    return verdicts;
  }

  private static Request signed(
      SignatureScheme scheme, Instant at, String body, SigningSecret... secrets) {
    Map<String, String> headers = new LinkedHashMap<>();
    var input =
        new SigningInput(
            "dlv_1", at, body.getBytes(UTF_8), URI.create("https://example.com/hook"), "POST");
    new Signer(scheme, List.of(secrets)).sign(input, headers::put);
    return new Request(
        scheme.name(),
        secrets[0].text().revealText(),
        value(headers, "-id"),
        value(headers, "-timestamp"),
        value(headers, "-signature"),
        body);
  }

  private static String value(Map<String, String> headers, String endOfName) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().toLowerCase(Locale.ROOT).endsWith(endOfName))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Map<Request, Boolean> judged(
      Language language, Path directory, Set<Request> requests) throws Exception {
    write(language, directory);
    Process process =
        new ProcessBuilder(language.command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    try (var lines = process.outputWriter(UTF_8)) {
      for (Request request : requests) {
        lines.write(request.line() + "\n");
      }
    }
    List<String> said = process.inputReader(UTF_8).lines().toList();
    assertThat(process.waitFor()).as("%s", said).isZero();
    List<Request> inOrder = new ArrayList<>(requests);
    assertThat(said).hasSameSizeAs(inOrder);
    return IntStream.range(0, said.size())
        .boxed()
        .collect(toMap(inOrder::get, at -> Boolean.valueOf(said.get(at))));
  }

  /** The driver, and each block of the page in a file that is called as what it defines. */
  private static void write(Language language, Path directory) throws IOException {
    Files.copy(DRIVERS.resolve(language.driver), directory.resolve(language.driver));
    Files.copy(DRIVERS.resolve("go.mod"), directory.resolve("go.mod"));
    Path below = Files.createDirectories(directory.resolve(language.directory));
    for (String block : blocks(language).toList()) {
      MatchResult name = NAME.matcher(block).results().findFirst().orElseThrow();
      Files.writeString(below.resolve(name.group(1) + language.suffix()), block);
    }
  }

  private static Stream<String> blocks(Language language) throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .filter(block -> block.group(1).equalsIgnoreCase(language.name()))
        .map(block -> block.group(2));
  }
}
