// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Headers of a record as one column: name, value, name, value. */
final class StoredHeaders {

  private StoredHeaders() {}

  static String[] write(Headers headers) {
    List<String> texts = new ArrayList<>();
    for (Header header : headers) {
      texts.add(header.key());
      texts.add(new String(header.value(), UTF_8));
    }
    return texts.toArray(String[]::new);
  }

  static Headers read(String[] texts) {
    Headers headers = new RecordHeaders();
    for (int index = 0; index < texts.length; index += 2) {
      headers.add(texts[index], texts[index + 1].getBytes(UTF_8));
    }
    return headers;
  }
}
