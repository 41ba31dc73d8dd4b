// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Key material made ready for use; safe for use by many threads. */
sealed interface Key {

  byte[] sign(List<byte[]> content);

  boolean verifies(List<byte[]> content, byte[] signature);

  static Key of(Algorithm algorithm, byte[] key) {
    try {
      return switch (algorithm) {
        case NONE -> throw new IllegalArgumentException("the scheme 'none' takes no secret");
        case HMAC_SHA1, HMAC_SHA256, HMAC_SHA512 -> Hmac.of(algorithm, key);
        case ED25519 -> Ed25519.of(key);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the signing secret is no key for " + algorithm, e);
    }
  }

  /** Clones a Mac that already holds its key: no provider lookup and no lock for each request. */
  record Hmac(Mac prototype) implements Key {

    static Hmac of(Algorithm algorithm, byte[] key) throws GeneralSecurityException {
      var mac = Mac.getInstance(algorithm.jca());
      mac.init(new SecretKeySpec(key, algorithm.jca()));
      return new Hmac(mac);
    }

    @Override
    public byte[] sign(List<byte[]> content) {
      try {
        var mac = (Mac) prototype.clone();
        content.forEach(mac::update);
        return mac.doFinal();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(prototype.getProvider() + " cannot clone its Mac", e);
      }
    }

    @Override
    public boolean verifies(List<byte[]> content, byte[] signature) {
      return MessageDigest.isEqual(sign(content), signature);
    }
  }

  /** The seed and the public key, 32 bytes each, as RFC 8032 writes them. */
  record Ed25519(PrivateKey seed, PublicKey point) implements Key {

    private static final int HALF = 32;
    // SubjectPublicKeyInfo of RFC 8410 section 4, up to the key itself.
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    static Ed25519 of(byte[] key) throws GeneralSecurityException {
      var factory = KeyFactory.getInstance(Algorithm.ED25519.jca());
      var seed = Arrays.copyOf(key, HALF);
      var spki = Arrays.copyOf(SPKI, SPKI.length + HALF);
      System.arraycopy(key, HALF, spki, SPKI.length, HALF);
      return new Ed25519(
          factory.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)),
          factory.generatePublic(new X509EncodedKeySpec(spki)));
    }

    @Override
    public byte[] sign(List<byte[]> content) {
      try {
        var signature = Signature.getInstance(Algorithm.ED25519.jca());
        signature.initSign(seed);
        for (byte[] part : content) {
          signature.update(part);
        }
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("cannot sign with this Ed25519 key", e);
      }
    }

    @Override
    public boolean verifies(List<byte[]> content, byte[] claimed) {
      try {
        var signature = Signature.getInstance(Algorithm.ED25519.jca());
        signature.initVerify(point);
        for (byte[] part : content) {
          signature.update(part);
        }
        return signature.verify(claimed);
      } catch (GeneralSecurityException _) {
        return false; // a signature of another length, or a point that is none
      }
    }
  }
}
