// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import dev.postrider.model.event.PlatformEvent;

/**
 * An event as Standard Webhooks advises to send it: {@code type}, {@code timestamp}, {@code data}.
 *
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks, "Payload structure"</a>
 */
public final class StandardWebhooksJson {

  private StandardWebhooksJson() {}

  /** The data stands in it byte for byte if it is JSON. */
  public static byte[] write(PlatformEvent event) {
    JsonWriter json = new JsonWriter();
    json.text("type", event.type().value());
    json.text("timestamp", event.time().toString());
    json.data("data", "data_base64", event.contentType(), event.payload());
    return json.bytes();
  }
}
