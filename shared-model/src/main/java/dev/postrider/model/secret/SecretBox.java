// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Seals secrets before they leave memory and opens them again: AES-256-GCM with the place as
 * associated data. New secrets are sealed with the keyset's primary key; any enabled key opens, so
 * a key is rotated by adding one and promoting it. Safe for use by many threads.
 */
public final class SecretBox {

  private final Aead aead;
  private final Set<String> outdated;

  private SecretBox(KeysetHandle keyset) {
    try {
      this.aead = keyset.getPrimitive(KeysetFile.TINK, Aead.class);
      this.outdated = outdated(keyset);
    } catch (GeneralSecurityException e) {
      throw new KeysetRefusedException("the keyset holds no key for authenticated encryption", e);
    }
  }

  /**
   * The box with the keys of this file. Throws {@link KeysetRefusedException} when the file is
   * missing, malformed, or accessible to anyone but its owner.
   */
  public static SecretBox open(Path keysetFile) {
    return new SecretBox(KeysetFile.read(keysetFile));
  }

  private static Set<String> outdated(KeysetHandle keyset) {
    return Keyset.keys(keyset).stream()
        .takeWhile(key -> !key.primary())
        .map(Keyset.SealingKey::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Writes a keyset with one new random key, mode 0400, complete or not at all. Throws {@link
   * KeysetRefusedException} when the file exists: to overwrite it is to lose every secret.
   */
  public static void createKeyset(Path keysetFile) {
    KeysetFile.write(KeysetFile.generate(), keysetFile);
  }

  /** The secret, encrypted so that it opens at this place only. */
  public Sealed seal(Secret secret, SecretPlace place) {
    try {
      return Sealed.of(aead.encrypt(secret.reveal(), place.associatedData()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal the secret at " + place, e);
    }
  }

  /**
   * The keys that were added before the primary one: what they have sealed is to be sealed anew. A
   * later key is not among them, or two instances between which one was promoted would never agree.
   */
  public Set<String> outdated() {
    return outdated;
  }

  /** The same secret sealed with the primary key, if it was sealed with an outdated one. */
  public Sealed anew(Sealed sealed, SecretPlace place) {
    return outdated.contains(sealed.key()) ? seal(open(sealed, place), place) : sealed;
  }

  /** The secret that was sealed for this place; throws {@link SealBrokenException} otherwise. */
  public Secret open(Sealed sealed, SecretPlace place) {
    try {
      return Secret.of(aead.decrypt(sealed.ciphertext(), place.associatedData()));
    } catch (GeneralSecurityException e) {
      throw new SealBrokenException(place, e);
    }
  }
}
