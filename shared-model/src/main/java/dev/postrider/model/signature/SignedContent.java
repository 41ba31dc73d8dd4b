// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
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
      default ->
          throw new IllegalArgumentException(
              "signed content knows {id} {timestamp} {body} {url} {method}: was " + name);
    };
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
