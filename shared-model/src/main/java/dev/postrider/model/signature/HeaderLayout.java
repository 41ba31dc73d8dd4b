// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The header lines of a scheme taken apart: what stands in each, in order. */
record HeaderLayout(List<Line> lines) {

  private static final Pattern LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+): (.+)");
  private static final Pattern SIGNATURES =
      Pattern.compile(
          "(t=\\{timestamp},)?((?:[^{}\\[\\]]|\\{n})*)\\{signature}([^{}\\[\\]]*)"
              + "(?:\\[([,; ]{1,2})\\2\\{signature}\\3])?");
  private static final String NUMBER = "{n}";

  sealed interface Line {
    String name();
  }

  record IdLine(String name) implements Line {}

  record TimestampLine(String name) implements Line {}

  /**
   * Anything else that can be said before signing.
   *
   * @param template may number itself with {@code {n}}: then it stands once for each signature
   */
  record TextLine(String name, String template) implements Line {

    String of(SigningInput input, int signatures) {
      int times = template.contains(NUMBER) ? signatures : 1;
      return IntStream.rangeClosed(1, times)
          .mapToObj(number -> template.replace(NUMBER, Integer.toString(number)))
          .map(text -> SignedContent.parse(text).textOf(input))
          .collect(joining(", "));
    }
  }

  /**
   * @param timestamped whether {@code t=…,} stands in front
   * @param before what stands before each signature and names its version; may number it
   * @param suffix what stands behind each signature
   * @param separator what stands between signatures; empty: only one fits
   */
  record SignatureLine(
      String name, boolean timestamped, String before, String suffix, String separator)
      implements Line {

    boolean takesMany() {
      return !separator.isEmpty();
    }

    /** Before the signature of this number, from 1. */
    String prefix(int number) {
      return before.replace(NUMBER, Integer.toString(number));
    }
  }

  static HeaderLayout parse(List<String> headers) {
    var lines = new ArrayList<Line>();
    for (String header : headers) {
      var matcher = LINE.matcher(header);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "a signature header must be 'Name: template': was '" + header + "'");
      }
      lines.add(line(matcher.group(1), matcher.group(2)));
    }
    return new HeaderLayout(List.copyOf(lines));
  }

  private static Line line(String name, String template) {
    return switch (template) {
      case "{id}" -> new IdLine(name);
      case "{timestamp}" -> new TimestampLine(name);
      default ->
          template.contains("{signature}")
              ? signatureLine(name, template, SIGNATURES.matcher(template))
              : textLine(name, template);
    };
  }

  private static Line textLine(String name, String template) {
    SignedContent.parse(template.replace(NUMBER, "1"));
    return new TextLine(name, template);
  }

  private static Line signatureLine(String name, String template, Matcher matcher) {
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "the header " + name + " must hold {signature} as vendors document it: was " + template);
    }
    String separator = matcher.group(4);
    return new SignatureLine(
        name,
        matcher.group(1) != null,
        matcher.group(2),
        matcher.group(3),
        separator == null ? "" : separator);
  }
}
