// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static dev.postrider.model.signature.Algorithm.ED25519;
import static dev.postrider.model.signature.Algorithm.HMAC_SHA256;
import static dev.postrider.model.signature.Algorithm.NONE;
import static dev.postrider.model.signature.KeyForm.UTF8;
import static dev.postrider.model.signature.KeyForm.WHSEC;
import static dev.postrider.model.signature.KeyForm.WHSK;
import static dev.postrider.model.signature.SignatureScheme.BodyForm.PYTHON_JSON;
import static dev.postrider.model.signature.TextForm.BASE64;
import static dev.postrider.model.signature.TextForm.HEX;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The schemes a destination can choose from, by name: one row each. */
public final class SignatureSchemes {

  private static final Pattern BRAND = Pattern.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*");

  private final List<SignatureScheme> rows;

  private SignatureSchemes(List<SignatureScheme> rows) {
    this.rows = rows;
  }

  /**
   * The catalogue, with {@code timestamped_hex} under this brand.
   *
   * @param brand letters, digits and inner hyphens: {@code Postrider} gives {@code
   *     X-Postrider-Signature}
   */
  public static SignatureSchemes branded(String brand) {
    if (!BRAND.matcher(brand).matches()) {
      throw new IllegalArgumentException(
          "the brand must be letters, digits and inner hyphens: was '" + brand + "'");
    }
    return new SignatureSchemes(rows("X-" + brand));
  }

  private static List<SignatureScheme> rows(String ours) {
    return List.of(
        row("none", NONE, UTF8, HEX, ""),
        row(
            "standard_webhooks",
            HMAC_SHA256,
            WHSEC,
            BASE64,
            "{id}.{timestamp}.{body}",
            "webhook-id: {id}",
            "webhook-timestamp: {timestamp}",
            "webhook-signature: v1,{signature}[ v1,{signature}]"),
        row(
            "standard_webhooks_ed25519",
            ED25519,
            WHSK,
            BASE64,
            "{id}.{timestamp}.{body}",
            "webhook-id: {id}",
            "webhook-timestamp: {timestamp}",
            "webhook-signature: v1a,{signature}[ v1a,{signature}]"),
        row(
            "timestamped_hex",
            HMAC_SHA256,
            UTF8,
            HEX,
            "{timestamp}.{body}",
            ours + "-Timestamp: {timestamp}",
            ours + "-Signature: v1={signature}[,v1={signature}]"),
        row(
            "stripe",
            HMAC_SHA256,
            UTF8,
            HEX,
            "{timestamp}.{body}",
            "Stripe-Signature: t={timestamp},v1={signature}[,v1={signature}]"),
        row("github", HMAC_SHA256, UTF8, HEX, "{body}", "X-Hub-Signature-256: sha256={signature}"),
        row(
            "slack",
            HMAC_SHA256,
            UTF8,
            HEX,
            "v0:{timestamp}:{body}",
            "X-Slack-Request-Timestamp: {timestamp}",
            "X-Slack-Signature: v0={signature}"),
        row("shopify", HMAC_SHA256, UTF8, BASE64, "{body}", "X-Shopify-Hmac-Sha256: {signature}"),
        new SignatureScheme(
            "zenduty",
            HMAC_SHA256,
            UTF8,
            BASE64,
            "{body}",
            List.of("X-SIGNATURE: {signature}"),
            PYTHON_JSON),
        row(
            "pagerduty",
            HMAC_SHA256,
            UTF8,
            HEX,
            "{body}",
            "X-PagerDuty-Signature: v1={signature}[,v1={signature}]"),
        row(
            "zoom",
            HMAC_SHA256,
            UTF8,
            HEX,
            "v0:{timestamp}:{body}",
            "x-zm-request-timestamp: {timestamp}",
            "x-zm-signature: v0={signature}"),
        messageSignature("rfc9421_hmac", HMAC_SHA256, WHSEC),
        messageSignature("rfc9421_ed25519", ED25519, WHSK));
  }

  /** RFC 9421 §2.5 and §3.1, with the body covered by its digest (RFC 9530 §2). */
  private static SignatureScheme messageSignature(
      String name, Algorithm algorithm, KeyForm keyForm) {
    String parameters =
        "(\"@method\" \"@target-uri\" \"content-digest\" \"content-type\" \"webhook-id\")"
            + ";created={timestamp};keyid=\"{key_id}\"";
    String base =
        """
        "@method": {method}
        "@target-uri": {url}
        "content-digest": {content_digest}
        "content-type": {content_type}
        "webhook-id": {id}
        "@signature-params":""";
    return row(
        name,
        algorithm,
        keyForm,
        BASE64,
        base + " " + parameters,
        "webhook-id: {id}",
        "Content-Digest: {content_digest}",
        "Signature-Input: sig{n}=" + parameters,
        "Signature: sig{n}=:{signature}:[, sig{n}=:{signature}:]");
  }

  private static SignatureScheme row(
      String name,
      Algorithm algorithm,
      KeyForm keyForm,
      TextForm textForm,
      String content,
      String... headers) {
    return new SignatureScheme(name, algorithm, keyForm, textForm, content, List.of(headers));
  }

  /** All rows, in the order in which they are offered. */
  public List<SignatureScheme> all() {
    return rows;
  }

  /** The scheme of this name, if there is one. */
  public Optional<SignatureScheme> named(String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst();
  }
}
