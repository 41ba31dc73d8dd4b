// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import dev.postrider.model.signature.HeaderLayout.IdLine;
import dev.postrider.model.signature.HeaderLayout.SignatureLine;
import dev.postrider.model.signature.HeaderLayout.TextLine;
import dev.postrider.model.signature.HeaderLayout.TimestampLine;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says whether a request was signed by one of the live secrets, recently. Compares in constant
 * time; safe for use by many threads.
 */
public final class Verifier {

  private static final Pattern UNIX_SECONDS = Pattern.compile("[0-9]{1,11}");
  private static final Pattern OTHER_VERSION = Pattern.compile("[a-z0-9]+[=,].+");

  /** RFC 9421 §2.3. */
  private static final Pattern CREATED = Pattern.compile(";created=([0-9]+)");

  private static final Pattern KEY_ID = Pattern.compile(";keyid=\"([^\"]*)\"");

  private final SignatureScheme scheme;
  private final SignedContent content;
  private final HeaderLayout layout;
  private final List<Key> keys;
  private final Duration tolerance;
  private final InstantSource clock;

  /**
   * A verifier for the scheme.
   *
   * @param tolerance how far the timestamp may be from now; 300 s is what vendors advise
   */
  public Verifier(
      SignatureScheme scheme,
      List<SigningSecret> secrets,
      Duration tolerance,
      InstantSource clock) {
    this.scheme = scheme;
    this.content = SignedContent.parse(scheme.content());
    this.layout = HeaderLayout.parse(scheme.headers());
    this.keys = secrets.stream().map(SigningSecret::key).toList();
    this.tolerance = tolerance;
    this.clock = clock;
  }

  /**
   * Verifies what arrived.
   *
   * @param headers all values of the header of that name, whatever its case; empty when absent
   * @param body the bytes as received
   */
  public Verdict verify(
      Function<String, List<String>> headers, byte[] body, URI url, String method) {
    var claim = new Claim();
    for (var line : layout.lines()) {
      var values = headers.apply(line.name());
      if (values.isEmpty()) {
        return Verdict.MISSING_HEADER;
      }
      if (values.size() > 1 || !claim.read(line, values.getFirst())) {
        return Verdict.BAD_FORMAT;
      }
    }
    String contentType =
        scheme.signsContentType()
            ? headers.apply("content-type").stream().findFirst().orElse("")
            : "";
    return judge(
        claim,
        new SigningInput(claim.id, claim.timestamp, body, url, method, contentType, claim.keyId));
  }

  private Verdict judge(Claim claim, SigningInput input) {
    if (claim.signatures.isEmpty()) {
      return claim.otherVersions ? Verdict.UNKNOWN_ALGORITHM : Verdict.BAD_FORMAT;
    }
    if (claim.timestamped && isStale(claim.timestamp)) {
      return Verdict.STALE;
    }
    if (!claim.saysSo(input)) {
      return Verdict.MISMATCH;
    }
    var signed = content.of(input);
    boolean valid =
        claim.signatures.stream()
            .anyMatch(claimed -> keys.stream().anyMatch(key -> key.verifies(signed, claimed)));
    return valid ? Verdict.VALID : Verdict.MISMATCH;
  }

  private boolean isStale(Instant timestamp) {
    return Duration.between(timestamp, clock.instant()).abs().compareTo(tolerance) > 0;
  }

  /** What the headers claim, read line by line. */
  private final class Claim {

    private final List<byte[]> signatures = new ArrayList<>();
    private String id = "";
    private Instant timestamp = Instant.EPOCH;
    private String keyId = "";
    private final Map<TextLine, String> texts = new LinkedHashMap<>();
    private boolean timestamped;
    private boolean otherVersions;

    boolean read(HeaderLayout.Line line, String value) {
      return switch (line) {
        case IdLine _ -> readId(value);
        case TimestampLine _ -> readTimestamp(value);
        case TextLine text -> readText(text, value);
        case SignatureLine signatures -> readSignatures(signatures, value);
      };
    }

    private boolean readId(String value) {
      id = value;
      return !value.isEmpty() && value.indexOf('.') < 0;
    }

    private boolean readTimestamp(String value) {
      if (!UNIX_SECONDS.matcher(value).matches()) {
        return false;
      }
      timestamped = true;
      timestamp = Instant.ofEpochSecond(Long.parseLong(value));
      return true;
    }

    /** What it says of time and key; whether the rest is so is seen when all has been read. */
    private boolean readText(TextLine line, String value) {
      texts.put(line, value);
      Matcher created = CREATED.matcher(value);
      if (line.template().contains("{timestamp}")
          && (timestamped || !created.find() || !readTimestamp(created.group(1)))) {
        return false;
      }
      Matcher key = KEY_ID.matcher(value);
      if (line.template().contains("{key_id}") && key.find()) {
        keyId = key.group(1);
      }
      return true;
    }

    /** Whether the text headers say of the request what is so. */
    boolean saysSo(SigningInput input) {
      return texts.entrySet().stream()
          .allMatch(text -> text.getKey().of(input, signatures.size()).equals(text.getValue()));
    }

    private boolean readSignatures(SignatureLine line, String value) {
      String[] items =
          line.takesMany() ? value.split(Pattern.quote(line.separator())) : new String[] {value};
      int number = 0;
      for (String item : items) {
        String prefix = line.prefix(++number);
        if (line.timestamped() && item.startsWith("t=")) {
          if (timestamped || !readTimestamp(item.substring(2))) {
            return false;
          }
        } else if (item.startsWith(prefix) && item.endsWith(line.suffix())) {
          addSignature(item.substring(prefix.length(), item.length() - line.suffix().length()));
        } else {
          otherVersions |= OTHER_VERSION.matcher(item).matches();
        }
      }
      return timestamped || !line.timestamped();
    }

    private void addSignature(String text) {
      try {
        signatures.add(scheme.textForm().decode(text));
      } catch (IllegalArgumentException _) {
        // One that cannot be read is as good as absent: another may still verify.
      }
    }
  }
}
