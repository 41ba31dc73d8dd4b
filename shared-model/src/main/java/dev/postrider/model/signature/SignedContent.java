// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A content template taken apart once, so that signing only feeds bytes. */
record SignedContent(List<Function<SigningInput, byte[]>> parts) {

  private static final Pattern PART = Pattern.compile("\\{[^{}]*}?|}|([^{}]+)");

  static SignedContent parse(String template) {
    var parts = new ArrayList<Function<SigningInput, byte[]>>();
    var matcher = PART.matcher(template);
    while (matcher.find()) {
      parts.add(matcher.group(1) == null ? field(matcher.group()) : literal(matcher.group()));
    }
    return new SignedContent(List.copyOf(parts));
  }

  private static Function<SigningInput, byte[]> literal(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return input -> bytes;
  }

  private static Function<SigningInput, byte[]> field(String name) {
    return switch (name) {
      case "{id}" -> input -> input.id().getBytes(UTF_8);
      case "{timestamp}" -> input -> input.timestampSeconds().getBytes(UTF_8);
      case "{body}" -> SigningInput::body;
      case "{url}" -> input -> input.url().toString().getBytes(UTF_8);
      case "{method}" -> input -> input.method().getBytes(UTF_8);
      case "{content_type}" -> input -> input.contentType().getBytes(UTF_8);
      case "{content_digest}" -> input -> digest(input.body()).getBytes(UTF_8);
      case "{key_id}" -> input -> input.keyId().getBytes(UTF_8);
      default ->
          throw new IllegalArgumentException(
              "signed content knows {id} {timestamp} {body} {url} {method} {content_type}"
                  + " {content_digest} {key_id}: was "
                  + name);
    };
  }

  /** RFC 9530 §2. */
  private static String digest(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The content as text, for headers. */
  String textOf(SigningInput input) {
    return of(input).stream().map(bytes -> new String(bytes, UTF_8)).collect(joining());
  }

  /** The bytes to sign, in order; the body is passed on, not copied. */
  List<byte[]> of(SigningInput input) {
    var bytes = new ArrayList<byte[]>(parts.size());
    for (var part : parts) {
      bytes.add(part.apply(input));
    }
    return bytes;
  }
}
