// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies a request as a customer would: Standard Webhooks with the public library, the
 * timestamped hexadecimal scheme ({@code v1=hex(hmac_sha256(key, timestamp.body))}) with the JDK.
 */
final class SignatureCheck {

  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final InstantSource clock;

  SignatureCheck(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param key {@code whsec_…}
   */
  Verdict judge(HttpHeaders headers, byte[] body, Optional<String> key) {
    var standard = headers.firstValue("webhook-signature").isPresent();
    var timestamped = headers.firstValue("x-postrider-signature");
    if (!standard && timestamped.isEmpty()) {
      return Verdict.MISSING;
    }
    if (key.isEmpty()) {
      return Verdict.NO_KEY;
    }
    var valid =
        standard
            ? verifiesStandardWebhooks(headers, body, key.get())
            : verifiesTimestamped(headers, body, key.get());
    return valid ? Verdict.VALID : Verdict.INVALID;
  }

  private static boolean verifiesStandardWebhooks(HttpHeaders headers, byte[] body, String key) {
    try {
      new Webhook(key).verify(new String(body, UTF_8), headers.map());
      return true;
    } catch (EmptyWebhookSecretException
        | WebhookVerificationException
        | IllegalArgumentException e) {
      return false;
    }
  }

  private boolean verifiesTimestamped(HttpHeaders headers, byte[] body, String key) {
    var timestamp = headers.firstValue("x-postrider-timestamp").orElse("");
    var candidates = headers.firstValue("x-postrider-signature").orElse("").split(",", -1);
    var expected = "v1=" + HexFormat.of().formatHex(hmac(key, timestamp, body));
    return isFresh(timestamp)
        && Arrays.stream(candidates)
            .anyMatch(
                candidate ->
                    MessageDigest.isEqual(
                        candidate.strip().getBytes(UTF_8), expected.getBytes(UTF_8)));
  }

  private boolean isFresh(String timestamp) {
    if (!timestamp.matches("\\d{1,12}")) {
      return false;
    }
    var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant());
    return age.abs().compareTo(TOLERANCE) <= 0;
  }

  private static byte[] hmac(String key, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      mac.update((timestamp + ".").getBytes(UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
