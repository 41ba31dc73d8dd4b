// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventJsonTest {

  @Test
  void putsTheDataIntoTheEnvelopeByteForByte() {
    EventDraft event = TestModel.draft();
    byte[] written = write("application/json", "{ \"amount\": 1.50 }");

    assertThat(new String(written, UTF_8))
        .startsWith("{\"specversion\":\"1.0\",\"id\":\"A-1\",")
        .endsWith(",\"datacontenttype\":\"application/json\",\"data\":{ \"amount\": 1.50 }}");
    assertThat(CloudEventJson.read(written).attributes()).isEqualTo(event.attributes());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          text/plain, a "quoted" text, "data":"a \\"quoted\\" text"
          application/json, {broken, "data_base64":"e2Jyb2tlbg=="
          """)
  void carriesDataThatIsNoJson(String type, String data, String expected) {
    byte[] written = write(type, data);

    assertThat(new String(written, UTF_8)).contains(expected);
    assertThat(CloudEventJson.read(written).payload()).isEqualTo(Payload.of(data.getBytes(UTF_8)));
  }

  @Test
  void standsAsStandardWebhooksAdvise() {
    assertThat(new String(StandardWebhooksJson.write(TestModel.event()), UTF_8))
        .matches("\\{\"type\":\"incident.triggered\",\"timestamp\":\"[^\"]+\",\"data\":.*}");
  }

  private static byte[] write(String type, String data) {
    return CloudEventJson.write(
        TestModel.draft().attributes(), type, Payload.of(data.getBytes(UTF_8)));
  }
}
