// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.egress.Header;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What of headers may be kept: names always, values only of headers known to carry no secret. An
 * allow-list, since a tenant's own header may be anything.
 */
final class Redaction {

  private static final String HIDDEN = "***";
  private static final String ATTRIBUTE = "ce-";
  private static final Set<String> OPEN =
      Set.of(
          "content-type",
          "content-length",
          "content-encoding",
          "date",
          "user-agent",
          "traceparent",
          "server",
          "location",
          "retry-after",
          "allow",
          "via",
          "x-request-id",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature",
          "webhook-allowed-origin",
          "webhook-allowed-rate");

  private Redaction() {}

  static HeaderLines of(List<Header> headers) {
    HeaderLines.Writer kept = new HeaderLines.Writer();
    for (Header header : headers) {
      kept.add(header.name(), open(header));
    }
    return kept.written();
  }

  private static String open(Header header) {
    if (header.name().regionMatches(true, 0, ATTRIBUTE, 0, ATTRIBUTE.length())) {
      return header.value();
    }
    String name = header.name().toLowerCase(Locale.ROOT);
    if (name.equals("location")) {
      return withoutQuery(header.value());
    }
    return OPEN.contains(name) ? header.value() : HIDDEN;
  }

  /** Queries, fragments and user names of URLs are where tokens hide. */
  private static String withoutQuery(String url) {
    return url.replaceFirst("([?#]).*", "$1" + HIDDEN)
        .replaceFirst("//[^/@]*@", "//" + HIDDEN + "@");
  }
}
