// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.credential;

import dev.postrider.model.secret.Sealed;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The secrets of a destination's authentication, sealed, by the name of their field. */
public record Credentials(Map<String, Kept> byName) {

  /** No secret at all. */
  public static final Credentials NONE = new Credentials(Map.of());

  /** Of a shorter secret, four characters would be too much of it. */
  private static final int SHORTEST_TOLD_APART = 8;

  /** Copies the map. */
  public Credentials {
    byName = Map.copyOf(byName);
  }

  /**
   * One secret.
   *
   * @param last4 by which people tell it from others; null where it is too short for that
   */
  public record Kept(Sealed sealed, @Nullable String last4) {}

  /** Which fields have one. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The sealed secret of this field; there must be one. */
  public Sealed sealed(String name) {
    Kept kept = byName.get(name);
    if (kept == null) {
      throw new IllegalArgumentException("there is no secret " + name);
    }
    return kept.sealed();
  }

  /** For the database. */
  public String json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    byName.forEach(
        (name, kept) ->
            json.putObject(name).put("sealed", kept.sealed().base64()).put("last4", kept.last4()));
    return json.toString();
  }

  /** From the database. */
  public static Credentials of(JsonNode json) {
    return new Credentials(
        json.properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, field -> kept(field.getValue()))));
  }

  private static Kept kept(JsonNode json) {
    JsonNode last4 = json.path("last4");
    return new Kept(
        new Sealed(json.get("sealed").stringValue()),
        last4.isString() ? last4.stringValue() : null);
  }

  /** Says of each secret that it is there: {@code password_set}, {@code password_last4}. */
  public void describe(ObjectNode authentication) {
    new TreeMap<>(byName)
        .forEach(
            (name, kept) ->
                authentication.put(name + "_set", true).put(name + "_last4", kept.last4()));
  }

  static @Nullable String last4(String secret) {
    return secret.length() < SHORTEST_TOLD_APART ? null : secret.substring(secret.length() - 4);
  }
}
