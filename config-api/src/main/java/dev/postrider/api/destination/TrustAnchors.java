// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.problem.Fields;
import dev.postrider.api.problem.JsonBody;
import dev.postrider.api.problem.Problem;
import dev.postrider.api.problem.Violations;
import dev.postrider.model.egress.TlsIdentity;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Certificates that are trusted for one destination and its token URL, and for nobody else. */
final class TrustAnchors {

  private static final int LONGEST = 64 * 1024;

  private TrustAnchors() {}

  /** The PEM text of a request's body: alone, or as {@code {"certificate": "…"}}. */
  static String read(byte[] body) {
    String text = new String(body, UTF_8).strip();
    if (text.startsWith("{")) {
      text = certificate(JsonBody.object(body));
    }
    if (text.length() > LONGEST) {
      throw refused("must be at most 64 KiB");
    }
    try {
      TlsIdentity.trusting(TlsIdentity.certificates(text));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    return text;
  }

  private static String certificate(ObjectNode body) {
    Violations violations = new Violations();
    Fields fields = Fields.of(body, violations);
    String certificate = fields.requiredText("certificate");
    fields.refuseUnknown();
    violations.refuse();
    return certificate;
  }

  private static Problem refused(String rule) {
    return Problem.invalid("certificate", "certificate " + rule);
  }

  /** Whom they name and until when; null where there are none. */
  static JsonNode described(@Nullable String pem) {
    if (pem == null) {
      return JsonNodeFactory.instance.nullNode();
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (X509Certificate certificate : TlsIdentity.certificates(pem)) {
      all.addObject()
          .put("subject", certificate.getSubjectX500Principal().getName())
          .put("not_after", certificate.getNotAfter().toInstant().toString())
          .put("sha256", fingerprint(certificate));
    }
    return all;
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }
}
