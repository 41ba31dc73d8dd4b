// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignatureCheckTest {

  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** The vector of the timestamped hexadecimal scheme. */
  private static final Map<String, String> TIMESTAMPED =
      Map.of(
          "x-postrider-timestamp",
          "1700000000",
          "x-postrider-signature",
          "v1=00,v1=4642dcf200cd009e59a31fe919c091af7659f769638556cb98709e1543ab0a1b");

  private static final String EVENT = "{\"id\":\"evt_test_webhook\",\"object\":\"event\"}";

  private final SignatureCheck check = at(1700000299);

  @Test
  void acceptsTheTimestampedVector() {
    assertThat(judge(check, TIMESTAMPED, EVENT, "hush")).isEqualTo(Verdict.VALID);
  }

  @Test
  void refusesStaleTimestamps() {
    assertThat(judge(at(1700000301), TIMESTAMPED, EVENT, "hush")).isEqualTo(Verdict.INVALID);
  }

  @Test
  void refusesChangedBodies() {
    assertThat(judge(check, TIMESTAMPED, EVENT + " ", "hush")).isEqualTo(Verdict.INVALID);
  }

  @Test
  void judgesStandardWebhooksByThePublicLibrary() throws Exception {
    var now = Instant.now().getEpochSecond();
    var headers =
        Map.of(
            "webhook-id",
            "msg_1",
            "webhook-timestamp",
            "" + now,
            "webhook-signature",
            new Webhook(KEY).sign("msg_1", now, EVENT));
    assertThat(judge(check, headers, EVENT, KEY)).isEqualTo(Verdict.VALID);
    assertThat(judge(check, headers, EVENT + " ", KEY)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void saysWhenThereIsNothingToJudgeOrToJudgeWith() {
    assertThat(judge(check, Map.of(), EVENT, KEY)).isEqualTo(Verdict.MISSING);
    assertThat(check.judge(headers(TIMESTAMPED), EVENT.getBytes(UTF_8), Optional.empty()))
        .isEqualTo(Verdict.NO_KEY);
  }

  private static SignatureCheck at(long epochSecond) {
    return new SignatureCheck(InstantSource.fixed(Instant.ofEpochSecond(epochSecond)));
  }

  private static Verdict judge(
      SignatureCheck check, Map<String, String> headers, String body, String key) {
    return check.judge(headers(headers), body.getBytes(UTF_8), Optional.of(key));
  }

  private static HttpHeaders headers(Map<String, String> headers) {
    var lists =
        headers.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
    return HttpHeaders.of(lists, (_, _) -> true);
  }
}
