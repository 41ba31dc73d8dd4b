// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.problem;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON merge patches.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7396#section-2">RFC 7396 §2</a>
 */
public final class MergePatch {

  /** The content type. */
  public static final String TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** The target with the patch applied; neither argument is changed. */
  public static ObjectNode merged(JsonNode target, ObjectNode patch) {
    ObjectNode result =
        target instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      if (member.getValue().isNull()) {
        result.remove(member.getKey());
      } else if (member.getValue() instanceof ObjectNode inner) {
        result.set(member.getKey(), merged(result.path(member.getKey()), inner));
      } else {
        result.set(member.getKey(), member.getValue());
      }
    }
    return result;
  }
}
