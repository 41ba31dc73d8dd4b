// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import dev.postrider.model.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the key of a client certificate. */
final class ClientKey {

  /** RFC 7468 §10. */
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final byte[] PROBE = new byte[32];

  private ClientKey() {}

  static PrivateKey of(Secret pem, X509Certificate owner) {
    Matcher matcher = PEM.matcher(pem.revealText());
    if (!matcher.find()) {
      throw new IllegalArgumentException("must be a PKCS #8 key in PEM, without a password");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
      String algorithm = owner.getPublicKey().getAlgorithm();
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      if (fits(key, owner)) {
        return key;
      }
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      // Of another kind than the certificate's, or no key at all: what it was is not told.
    }
    throw new IllegalArgumentException("must be the key of the client certificate");
  }

  private static boolean fits(PrivateKey key, X509Certificate owner)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(owner.getPublicKey());
    signature.update(PROBE);
    return signature.verify(signed);
  }
}
