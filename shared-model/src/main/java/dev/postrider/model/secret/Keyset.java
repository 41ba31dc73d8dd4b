// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.HmacKey;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys of a keyset file, and the steps in which one takes over from another. Each step writes
 * the file, as a whole or not at all; whoever has opened it before goes on with what it was.
 *
 * <pre>
 *   add ─► enabled, opens ─► promote ─► primary, seals and opens
 *                                            │ another is promoted, all is sealed anew
 *          destroyed ◄─ destroy ◄─ disabled ◄┘ disable
 * </pre>
 */
public final class Keyset {

  private static final int ROOT_LENGTH = 32; // bytes

  private final Path file;

  private Keyset(Path file) {
    this.file = file;
  }

  /**
   * The keyset of this file, which is read anew with each call: all throw {@link
   * KeysetRefusedException} as {@link SecretBox} does, and when a step is out of order.
   */
  public static Keyset in(Path file) {
    return new Keyset(file);
  }

  private KeysetHandle read() {
    return KeysetFile.read(file);
  }

  /**
   * A key that secrets are sealed with.
   *
   * @param id eight hexadecimal digits, as in {@link Sealed#key()}
   * @param primary whether it seals, rather than opens only
   * @param enabled whether it opens
   */
  public record SealingKey(String id, boolean primary, boolean enabled) {}

  /** In the order in which they were added. */
  public List<SealingKey> keys() {
    return keys(read());
  }

  static List<SealingKey> keys(KeysetHandle handle) {
    return IntStream.range(0, handle.size())
        .mapToObj(handle::getAt)
        .filter(entry -> entry.getKey() instanceof AesGcmKey)
        .map(Keyset::key)
        .toList();
  }

  private static SealingKey key(KeysetHandle.Entry entry) {
    return new SealingKey(
        id(entry), entry.isPrimary(), entry.getStatus().equals(KeyStatus.ENABLED));
  }

  private static String id(KeysetHandle.Entry entry) {
    return "%08x".formatted(entry.getId());
  }

  /**
   * Adds a random key that opens and does not seal yet. Answers its id. The root of {@link
   * ChainKey} becomes a key of its own, if it is none, so that it outlives the first one.
   */
  public String add() {
    KeysetHandle before = read();
    KeysetHandle.Builder keys = KeysetHandle.newBuilder(before);
    if (keys(before).size() == before.size()) {
      keys.addEntry(root(before));
    }
    keys.addEntry(
        KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
            .withRandomId());
    KeysetHandle written = write(keys);
    return id(written.getAt(written.size() - 1));
  }

  /** Not enabled: it is none of those that open what is sealed. */
  @AccessesPartialKey
  private static KeysetHandle.Builder.Entry root(KeysetHandle handle) {
    try {
      HmacParameters parameters =
          HmacParameters.builder()
              .setKeySizeBytes(ROOT_LENGTH)
              .setTagSizeBytes(ROOT_LENGTH)
              .setHashType(HmacParameters.HashType.SHA256)
              .setVariant(HmacParameters.Variant.NO_PREFIX)
              .build();
      HmacKey root =
          HmacKey.builder()
              .setParameters(parameters)
              .setKeyBytes(
                  SecretBytes.copyFrom(ChainKey.root(handle), InsecureSecretKeyAccess.get()))
              .build();
      return KeysetHandle.importKey(root).withRandomId().setStatus(KeyStatus.DISABLED);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink takes a key of its own making", e);
    }
  }

  /** From now on this key seals; whoever opens must know it by then. */
  public void promote(String id) {
    if (!find(id).enabled()) {
      throw refused(id, "is disabled and cannot seal");
    }
    KeysetHandle.Builder keys = KeysetHandle.newBuilder(read());
    keys.getAt(place(id)).makePrimary();
    write(keys);
  }

  /** From now on this key opens nothing. It is kept, and comes back with {@link #enable}. */
  public void disable(String id) {
    if (find(id).primary()) {
      throw refused(id, "is the primary one: promote another first");
    }
    set(id, KeyStatus.DISABLED);
  }

  /** Undoes {@link #disable}. */
  public void enable(String id) {
    find(id);
    set(id, KeyStatus.ENABLED);
  }

  private void set(String id, KeyStatus status) {
    KeysetHandle.Builder keys = KeysetHandle.newBuilder(read());
    keys.getAt(place(id)).setStatus(status);
    write(keys);
  }

  /** Forgets a key that was disabled; what it has sealed, in backups too, is never opened again. */
  public void destroy(String id) {
    if (find(id).enabled()) {
      throw refused(id, "is enabled: disable it first");
    }
    write(KeysetHandle.newBuilder(read()).deleteAt(place(id)));
  }

  private SealingKey find(String id) {
    return keys().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> refused(id, "is none of " + keys().stream().map(SealingKey::id).toList()));
  }

  private int place(String id) {
    KeysetHandle handle = read();
    return IntStream.range(0, handle.size())
        .filter(place -> id(handle.getAt(place)).equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static KeysetRefusedException refused(String id, String rule) {
    return new KeysetRefusedException("the key " + id + " " + rule);
  }

  private KeysetHandle write(KeysetHandle.Builder keys) {
    try {
      KeysetHandle changed = keys.build();
      KeysetFile.replace(changed, file);
      return changed;
    } catch (GeneralSecurityException e) {
      throw new KeysetRefusedException("the keyset would not be usable any more", e);
    }
  }
}
