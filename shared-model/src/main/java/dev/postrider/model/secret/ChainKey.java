// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.mac.HmacKey;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes of entries a chain that nobody can alter unseen who has not the keyset: the hash of each is
 * HMAC-SHA256 over the hash before it and the entry itself. Safe for use by many threads.
 *
 * <p>Its root is a key of the keyset file that is no key for sealing, and survives the rotation of
 * those. A keyset that was never rotated has none: the root is derived from its first key then.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869, HKDF</a>
 */
public final class ChainKey {

  /** What stands for a hash before the first entry. */
  public static final String BEGINNING = "0".repeat(64);

  private static final String HMAC = "HmacSHA256";
  private static final int LENGTH = 32; // bytes

  private final byte[] linking;
  private final byte[] signing;

  private ChainKey(byte[] root) {
    this.linking = derived(root, "postrider chain");
    this.signing = derived(root, "postrider checkpoint");
  }

  /** The key of this file; throws {@link KeysetRefusedException} as {@link SecretBox} does. */
  public static ChainKey open(Path keysetFile) {
    return new ChainKey(root(KeysetFile.read(keysetFile)));
  }

  @AccessesPartialKey
  static byte[] root(KeysetHandle keyset) {
    for (int i = 0; i < keyset.size(); i++) {
      if (keyset.getAt(i).getKey() instanceof HmacKey root) {
        return root.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
      }
    }
    Key first = keyset.getAt(0).getKey();
    if (first instanceof AesGcmKey key) {
      byte[] bytes = key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
      return derived(bytes, "postrider chain root");
    }
    throw new KeysetRefusedException("the first key of the keyset is not of AES-GCM");
  }

  /** The hash, in hexadecimal, of an entry behind the one of that hash. */
  public String link(String previous, String entry) {
    return mac(linking, previous + entry);
  }

  /** What shows, in hexadecimal, that a statement about a chain is ours. */
  public String sign(String statement) {
    return mac(signing, statement);
  }

  private static String mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static byte[] derived(byte[] from, String purpose) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(from)
                  .thenExpand(purpose.getBytes(UTF_8), LENGTH));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java from 25 on has HKDF-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
