// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.catalogue;

import dev.postrider.api.listing.Cursor;
import dev.postrider.model.event.TenantId;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event type as it is stored.
 *
 * @param uid its place in lists
 * @param revision how often it has been changed
 * @param version of the schema in force
 * @param settings in the shape of the API
 * @param earlier versions, oldest first
 * @param versionCreatedAt since when that schema is in force
 */
record CatalogueEntry(
    TenantId tenant,
    UUID uid,
    long revision,
    int version,
    ObjectNode settings,
    ArrayNode earlier,
    Instant versionCreatedAt,
    Instant createdAt,
    Instant updatedAt) {

  private static final String PATH = "/api/v1/event-types/";

  static CatalogueEntry begun(TenantId tenant, UUID uid, ObjectNode settings, Instant now) {
    ArrayNode none = JsonNodeFactory.instance.arrayNode();
    return new CatalogueEntry(tenant, uid, 1, 1, settings, none, now, now, now);
  }

  String name() {
    return settings.path("name").asString();
  }

  String path() {
    return PATH + name();
  }

  String etag() {
    return "\"" + revision + "\"";
  }

  Cursor place() {
    return new Cursor(createdAt, uid);
  }

  boolean validates() {
    return settings.path("validate").asBoolean();
  }

  JsonNode schema() {
    return settings.path("schema");
  }

  /** Another schema is another version; the one before stays to be asked for. */
  CatalogueEntry changed(ObjectNode after, Instant now) {
    boolean same = after.path("schema").equals(schema());
    ArrayNode versions = earlier.deepCopy();
    if (!same) {
      versions.add(inForce());
    }
    return new CatalogueEntry(
        tenant,
        uid,
        revision + 1,
        same ? version : version + 1,
        after,
        versions,
        same ? versionCreatedAt : now,
        createdAt,
        now);
  }

  ObjectNode answer() {
    ObjectNode answer = settings.deepCopy();
    return answer
        .put("version", version)
        .put("schema_url", schemaUrl(version))
        .put("created_at", createdAt.toString())
        .put("updated_at", updatedAt.toString());
  }

  /** With all its versions, newest first. */
  ObjectNode wholeAnswer() {
    ObjectNode answer = answer();
    ArrayNode versions = answer.putArray("versions").add(inForce());
    for (int index = earlier.size() - 1; index >= 0; index--) {
      versions.add(earlier.get(index));
    }
    return answer;
  }

  /** The version of this number, or a missing node. */
  JsonNode version(int number) {
    return number == version ? inForce() : earlier.path(number - 1);
  }

  String schemaUrl(int number) {
    return path() + "/versions/" + number;
  }

  private ObjectNode inForce() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("version", version);
    entry.set("schema", schema());
    entry.set("example", settings.path("example"));
    return entry.put("created_at", versionCreatedAt.toString());
  }
}
