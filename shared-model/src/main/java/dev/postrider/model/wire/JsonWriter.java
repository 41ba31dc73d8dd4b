// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.event.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes one JSON object, some of whose members are there as bytes already. */
final class JsonWriter {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

  private void name(String name) {
    bytes.writeBytes(bytes.size() == 0 ? new byte[] {'{'} : new byte[] {','});
    quoted(name);
    bytes.write(':');
  }

  private void quoted(String text) {
    bytes.write('"');
    bytes.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    bytes.write('"');
  }

  void text(String name, String text) {
    name(name);
    quoted(text);
  }

  /** JSON as it is, text as a string, anything else as base64 under its own name. */
  void data(String name, String base64Name, @Nullable String contentType, Payload data) {
    if (isJson(contentType, data)) {
      name(name);
      bytes.writeBytes(data.bytes());
      return;
    }
    String text = text(contentType, data);
    if (text != null) {
      text(name, text);
    } else {
      text(base64Name, Base64.getEncoder().encodeToString(data.bytes()));
    }
  }

  private static boolean isJson(@Nullable String contentType, Payload data) {
    if (contentType != null && !ContentTypes.isJson(contentType)) {
      return false;
    }
    try {
      JsonText.parse(data.bytes());
      return true;
    } catch (MalformedJsonException _) {
      return false;
    }
  }

  /** Null where it is not meant as text, or is none. */
  private static @Nullable String text(@Nullable String contentType, Payload data) {
    if (contentType == null || ContentTypes.isJson(contentType)) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(data.bytes())).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  byte[] bytes() {
    if (bytes.size() == 0) {
      bytes.write('{');
    }
    bytes.write('}');
    return bytes.toByteArray();
  }
}
