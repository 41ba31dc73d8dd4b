// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header lines of a scheme taken apart: what stands in each, in order. */
record HeaderLayout(List<Line> lines) {

  private static final Pattern LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+): (.+)");
  private static final Pattern SIGNATURES =
      Pattern.compile("(t=\\{timestamp},)?([^{}\\[\\]]*)\\{signature}(?:\\[(.)\\2\\{signature}])?");

  sealed interface Line {
    String name();
  }

  record IdLine(String name) implements Line {}

  record TimestampLine(String name) implements Line {}

  /**
   * @param timestamped whether {@code t=…,} stands in front
   * @param prefix what stands before each signature and names its version
   * @param separator what stands between signatures; empty: only one fits
   */
  record SignatureLine(String name, boolean timestamped, String prefix, String separator)
      implements Line {

    boolean takesMany() {
      return !separator.isEmpty();
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
      default -> signatureLine(name, template, SIGNATURES.matcher(template));
    };
  }

  private static Line signatureLine(String name, String template, Matcher matcher) {
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "the header " + name + " must hold {id}, {timestamp} or {signature}: was " + template);
    }
    String separator = matcher.group(3);
    return new SignatureLine(
        name, matcher.group(1) != null, matcher.group(2), separator == null ? "" : separator);
  }
}
