// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import dev.postrider.model.delivery.Outcome.Why;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that did not go well, as people read it.
 *
 * @param at when that was known
 * @param status what became of it, and why
 * @param reason the same in a word for programs: what the last attempt came to, if there was one
 */
record Activity(
    @Schema(description = "When that was known") String at,
    @Schema(
            description = "What became of it, and why",
            examples = {
              "Refused: private_address",
              "Failed after 10 attempts: status 500",
              "Retrying after 1 attempt: connect_timeout"
            })
        String status,
    ActivityResource resource,
    String destinationId,
    String eventId,
    String eventType,
    String state,
    @Nullable String reason,
    @Nullable Integer httpStatus,
    int attemptCount,
    @Nullable String nextAttemptAt) {

  /** What it was. */
  record ActivityResource(@Schema(example = "delivery") String type, String id) {}

  static Activity of(ObjectNode delivery) {
    return new Activity(
        delivery.path("updated_at").asString(),
        status(delivery),
        new ActivityResource("delivery", delivery.path("id").asString()),
        delivery.path("destination_id").asString(),
        delivery.path("event_id").asString(),
        delivery.path("event_type").asString(),
        delivery.path("state").asString(),
        text(delivery.path("last_reason")),
        delivery.path("last_http_status").isInt()
            ? delivery.path("last_http_status").intValue()
            : null,
        delivery.path("attempt_count").intValue(),
        text(delivery.path("next_attempt_at")));
  }

  private static @Nullable String text(JsonNode value) {
    return value.isString() ? value.stringValue() : null;
  }

  /** Such as {@code Failed after 10 attempts: status 500}. */
  private static String status(ObjectNode delivery) {
    String reason = text(delivery.path("last_reason"));
    if (reason != null && declined(reason)) {
      return "Refused: " + reason;
    }
    String why =
        reason == null
            ? ""
            : delivery.path("last_http_status").isInt()
                ? ": status " + delivery.path("last_http_status").intValue()
                : ": " + reason;
    return became(delivery) + why;
  }

  /** We did not send it; nobody else has. */
  private static boolean declined(String reason) {
    return Stream.of(Why.values()).anyMatch(why -> why.label().equals(reason));
  }

  private static String became(ObjectNode delivery) {
    int attempts = delivery.path("attempt_count").intValue();
    String after = " after " + attempts + (attempts == 1 ? " attempt" : " attempts");
    return switch (delivery.path("state").asString()) {
      case "failed" -> "Failed" + after;
      case "retrying" -> "Retrying" + after;
      case "waiting_authorization" -> "Waiting for authorization";
      default -> "Cancelled";
    };
  }
}
