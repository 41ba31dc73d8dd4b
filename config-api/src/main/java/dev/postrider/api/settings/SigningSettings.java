// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import dev.postrider.api.problem.Fields;
import dev.postrider.model.egress.Header;
import dev.postrider.model.egress.HeaderRules;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.signature.Algorithm;
import dev.postrider.model.signature.KeyForm;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.TextForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the member {@code signing}.
 *
 * @param scheme how requests are signed
 * @param givenKey the key that came with it; null when there is none, or one to be kept
 */
record SigningSettings(SignatureScheme scheme, @Nullable Secret givenKey) {

  /** The scheme that a destination describes itself. */
  static final String CUSTOM = "custom";

  private static final String USUAL = "standard_webhooks";
  private static final Map<String, Algorithm> ALGORITHMS =
      Map.of(
          "SHA1", Algorithm.HMAC_SHA1,
          "SHA256", Algorithm.HMAC_SHA256,
          "SHA512", Algorithm.HMAC_SHA512);
  private static final Map<String, KeyForm> KEYS =
      Map.of(
          "utf8", KeyForm.UTF8,
          "hex", KeyForm.HEX,
          "base64", KeyForm.BASE64,
          "whsec", KeyForm.WHSEC);
  private static final Map<String, TextForm> TEXTS =
      Map.of("hex", TextForm.HEX, "base64", TextForm.BASE64, "base64url", TextForm.BASE64URL);
  private static final Pattern PREFIX = Pattern.compile("[!-~&&[^{}\\[\\]]]{0,64}");
  private static final int LONGEST_CONTENT = 256;
  private static final String BODY = "{body}";

  static SigningSettings read(Fields signing, SignatureSchemes schemes) {
    List<String> names = Stream.concat(names(schemes), Stream.of(CUSTOM)).toList();
    String name = signing.oneOf("scheme", USUAL, names);
    JsonNode described = signing.take("custom");
    Optional<SignatureScheme> custom = Optional.empty();
    if (name.equals(CUSTOM)) {
      custom = custom(signing.object("custom"));
    } else {
      signing.write("custom", JsonNodeFactory.instance.nullNode());
      if (described != null) {
        signing.refuse("custom", "must be absent: the scheme is " + name);
      }
    }
    SignatureScheme scheme =
        custom.or(() -> schemes.named(name)).orElseGet(() -> schemes.named(USUAL).orElseThrow());
    Secret key = key(signing, scheme);
    signing.refuseUnknown();
    return new SigningSettings(scheme, key);
  }

  private static Stream<String> names(SignatureSchemes schemes) {
    return schemes.all().stream().map(SignatureScheme::name);
  }

  private static @Nullable Secret key(Fields signing, SignatureScheme scheme) {
    JsonNode secret = signing.take("secret");
    if (secret == null) {
      return null;
    }
    if (!secret.isString()) {
      signing.refuse("secret", "must be a string");
      return null;
    }
    if (scheme.algorithm() == Algorithm.NONE) {
      signing.refuse("secret", "must be absent: the scheme none has no key");
    }
    return Secret.of(secret.stringValue());
  }

  /** Empty where a rule is broken. */
  private static Optional<SignatureScheme> custom(Fields custom) {
    Algorithm algorithm = choice(custom, "algorithm", "SHA256", ALGORITHMS);
    KeyForm keyForm = choice(custom, "secret_encoding", "utf8", KEYS);
    TextForm textForm = choice(custom, "encoding", "hex", TEXTS);
    String header = custom.requiredText("header");
    refuseName(custom, "header", header);
    String prefix = custom.text("prefix", "");
    if (prefix != null && !PREFIX.matcher(prefix).matches()) {
      custom.refuse("prefix", "must be at most 64 printable characters, no brackets nor braces");
    }
    String content = custom.text("content", BODY);
    String timestamp = custom.text("timestamp_header", null);
    refuseName(custom, "timestamp_header", timestamp == null ? "any" : timestamp);
    custom.refuseUnknown();
    if (content == null || content.length() > LONGEST_CONTENT || !hasBodyOnce(content)) {
      custom.refuse("content", "must have {body} in it, once, and at most 256 characters");
      return Optional.empty();
    }
    if (timestamp == null && content.contains("{timestamp}")) {
      custom.refuse("timestamp_header", "is required: the timestamp is signed");
    }
    List<String> lines = new ArrayList<>();
    if (timestamp != null) {
      lines.add(timestamp + ": {timestamp}");
    }
    lines.add(header + ": " + prefix + "{signature}");
    try {
      return Optional.of(new SignatureScheme(CUSTOM, algorithm, keyForm, textForm, content, lines));
    } catch (IllegalArgumentException e) {
      custom.refuse("content", "is refused: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Each time more would be another pass over a body that can be large. */
  private static boolean hasBodyOnce(String content) {
    return content.contains(BODY) && content.indexOf(BODY) == content.lastIndexOf(BODY);
  }

  private static <T> T choice(Fields fields, String name, String usual, Map<String, T> choices) {
    String chosen = fields.oneOf(name, usual, choices.keySet().stream().sorted().toList());
    return Objects.requireNonNull(choices.getOrDefault(chosen, choices.get(usual)));
  }

  private static void refuseName(Fields custom, String field, String name) {
    if (!name.isEmpty()) {
      HeaderRules.refusal(new Header(name, ""), Set.of())
          .ifPresent(rule -> custom.refuse(field, "is refused: " + rule));
    }
  }

  /** A scheme as the catalogue shows it. */
  static ObjectNode described(SignatureScheme scheme) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", scheme.name());
    json.put("algorithm", scheme.algorithm().name().toLowerCase(Locale.ROOT));
    json.put("secret_encoding", scheme.keyForm().name().toLowerCase(Locale.ROOT));
    json.put("encoding", scheme.textForm().name().toLowerCase(Locale.ROOT));
    json.put("signed_content", scheme.content());
    var headers = json.putArray("headers");
    scheme.headers().forEach(headers::add);
    return json;
  }
}
