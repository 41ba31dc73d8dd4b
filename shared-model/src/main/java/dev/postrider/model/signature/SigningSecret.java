// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import dev.postrider.model.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A secret that signs by one scheme. Shown in full only once, by {@link #text()}, in the answer
 * that made it; afterwards by {@link #last4()}.
 */
public final class SigningSecret {

  private static final int RANDOM_BYTES = 32;
  private static final int ED25519_BYTES = 32;

  private final Secret text;
  private final byte[] decoded;
  private final Key key;

  private SigningSecret(SignatureScheme scheme, Secret text) {
    this.text = text;
    this.decoded = scheme.keyForm().decode(text);
    if (scheme.keyForm() != KeyForm.UTF8) {
      scheme.keyForm().refuseWeak(decoded);
    }
    this.key = Key.of(scheme.algorithm(), decoded);
  }

  /**
   * A new one: {@code whsk_} and an Ed25519 key pair, or 32 random bytes in the scheme's form,
   * {@code whsec_} and base64 where it has none.
   */
  public static SigningSecret generate(SignatureScheme scheme, SecureRandom random) {
    return new SigningSecret(
        scheme,
        Secret.of(
            switch (scheme.keyForm()) {
              case WHSK -> KeyForm.WHSK.encode(ed25519(random));
              case UTF8, WHSEC -> KeyForm.WHSEC.encode(bytes(random));
              case HEX, BASE64 -> scheme.keyForm().encode(bytes(random));
            }));
  }

  /**
   * One that a tenant brings. Throws IllegalArgumentException naming the rule, never the content,
   * when it is not of the scheme's form or too weak.
   */
  public static SigningSecret imported(SignatureScheme scheme, Secret text) {
    scheme.keyForm().refuseWeak(scheme.keyForm().decode(text));
    return new SigningSecret(scheme, text);
  }

  /** One already in use, ours or a vendor's, whose strength is no longer ours to judge. */
  public static SigningSecret existing(SignatureScheme scheme, Secret text) {
    return new SigningSecret(scheme, text);
  }

  private static byte[] bytes(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] ed25519(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance(Algorithm.ED25519.jca());
      generator.initialize(ED25519_BYTES * Byte.SIZE - 1, random);
      var pair = generator.generateKeyPair();
      byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] both = Arrays.copyOf(seed, 2 * ED25519_BYTES);
      System.arraycopy(encoded, encoded.length - ED25519_BYTES, both, ED25519_BYTES, ED25519_BYTES);
      return both;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK cannot make Ed25519 keys", e);
    }
  }

  /** The secret as it is shown once and sealed for ever. */
  public Secret text() {
    return text;
  }

  /** Its last four characters, by which people tell secrets apart. */
  public String last4() {
    String revealed = text.revealText();
    return revealed.substring(Math.max(0, revealed.length() - 4));
  }

  /** {@code whpk_} and the public half, where there is one. */
  public Optional<String> publicKey() {
    return key instanceof Key.Ed25519
        ? Optional.of("whpk_" + Base64.getEncoder().encodeToString(publicHalf()))
        : Optional.empty();
  }

  private byte[] publicHalf() {
    return Arrays.copyOfRange(decoded, ED25519_BYTES, 2 * ED25519_BYTES);
  }

  Key key() {
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SigningSecret secret && text.equals(secret.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
