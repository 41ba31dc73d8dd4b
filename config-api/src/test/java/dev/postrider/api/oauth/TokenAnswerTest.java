// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.egress.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAnswerTest {

  @ParameterizedTest
  @CsvSource({
    "5, PT1M",
    "-1, PT1M",
    "3600, PT1H",
    "'\"90\"', PT1M30S",
    "90.7, PT1M30S",
    "99999999, PT720H",
  })
  void takesALifeToTheNearestBound(String given, String life) {
    TokenAnswer answer =
        answer(
            200,
            "{\"access_token\": \"a\", \"token_type\": \"BEARER\", \"expires_in\": " + given + "}");
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Granted.class, granted -> assertThat(granted.life()).hasToString(life));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"soon\"", "{}", "\"\""})
  void knowsNoLifeWhereNoneIsSaid(String given) {
    TokenAnswer answer =
        answer(
            200,
            "{\"access_token\": \"a\", \"token_type\": \"bearer\", \"expires_in\": " + given + "}");
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Granted.class, granted -> assertThat(granted.life()).isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\\r\\nX-Evil: 1", "ä", "", "\\u0000"})
  void refusesATokenThatCannotStandInAHeader(String token) {
    assertThat(answer(200, "{\"access_token\": \"" + token + "\", \"token_type\": \"bearer\"}"))
        .isInstanceOf(TokenAnswer.Failed.class);
  }

  @Test
  void tellsWhatIsOverFromWhatIsOurFaultAndFromWhatPasses() {
    assertThat(answer(400, "{\"error\": \"invalid_grant\"}"))
        .isEqualTo(new TokenAnswer.Refused(true, "the issuer answered invalid_grant"));
    assertThat(answer(401, "{\"error\": \"invalid_client\", \"error_description\": \"no\\nsuch\"}"))
        .isEqualTo(new TokenAnswer.Refused(false, "the issuer answered invalid_client: no such"));
    assertThat(answer(500, "{\"error\": \"invalid_grant\"}"))
        .isInstanceOf(TokenAnswer.Failed.class);
    assertThat(answer(400, "{\"error\": \"slow_down\"}")).isInstanceOf(TokenAnswer.Failed.class);
    assertThat(answer(403, "<html>")).isInstanceOf(TokenAnswer.Failed.class);
  }

  @Test
  void believesNothingThatWasCutOff() {
    Response cut = new Response(200, List.of(), "{}".getBytes(UTF_8), true);
    assertThat(TokenAnswer.of(cut)).isInstanceOf(TokenAnswer.Failed.class);
  }

  @Test
  void printsNoToken() {
    TokenAnswer answer =
        answer(
            200,
            "{\"access_token\": \"a-a\", \"token_type\": \"bearer\", \"refresh_token\": \"r-r\"}");
    assertThat(answer.toString()).doesNotContain("a-a", "r-r");
  }

  private static TokenAnswer answer(int status, String body) {
    return TokenAnswer.of(new Response(status, List.of(), body.getBytes(UTF_8), false));
  }
}
