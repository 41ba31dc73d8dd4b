// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells media types apart, parameters and case aside (RFC 9110 §8.3.1). */
public final class ContentTypes {

  /** One CloudEvent in JSON. */
  public static final String CLOUDEVENT = "application/cloudevents+json";

  /** A JSON array of CloudEvents. */
  public static final String CLOUDEVENTS_BATCH = "application/cloudevents-batch+json";

  private ContentTypes() {}

  /** Whether the type is the given one, whatever its parameters. */
  public static boolean is(String expected, @Nullable String contentType) {
    return contentType != null && bare(contentType).equals(expected);
  }

  /** Whether it is {@code …/json} or {@code …+json} (RFC 6839 §3.1). */
  public static boolean isJson(String contentType) {
    String bare = bare(contentType);
    return bare.endsWith("/json") || bare.endsWith("+json");
  }

  private static String bare(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }
}
