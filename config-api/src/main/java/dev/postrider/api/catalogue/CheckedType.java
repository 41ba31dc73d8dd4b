// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A type whose events are checked.
 *
 * @param inForce what an event is checked with that does not say by which version it was made
 * @param versions by the end of their URL; made when they are asked for
 */
record CheckedType(String name, DataSchema inForce, Map<String, JsonNode> versions) {

  static CheckedType of(CatalogueEntry entry) {
    Map<String, JsonNode> versions = new HashMap<>();
    for (int number = 1; number <= entry.version(); number++) {
      versions.put(entry.schemaUrl(number), entry.version(number).path("schema"));
    }
    return new CheckedType(entry.name(), DataSchema.of(entry.schema()), Map.copyOf(versions));
  }

  /**
   * The schema that the attribute {@code dataschema} names, by path or with the address of this
   * service in front; null when that is none of this type's.
   *
   * @see <a
   *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#dataschema">CloudEvents
   *     1.0.2, dataschema</a>
   */
  @Nullable DataSchema named(@Nullable String url) {
    if (url == null) {
      return inForce;
    }
    int path = url.indexOf("/api/v1/");
    JsonNode schema = path < 0 ? null : versions.get(url.substring(path));
    return schema == null ? null : DataSchema.of(schema);
  }
}
