// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** The master keyset as a file that its owner alone can read; Tink's JSON format. */
final class KeysetFile {

  private static final Set<PosixFilePermission> OWNER_READS =
      PosixFilePermissions.fromString("r--------");

  private static final Set<PosixFilePermission> OWNER_AND_GROUP =
      PosixFilePermissions.fromString("rwxr-----");

  static final Configuration TINK;

  static {
    try {
      AeadConfig.register();
      MacConfig.register();
      TINK = RegistryConfiguration.get();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private KeysetFile() {}

  static KeysetHandle generate() {
    try {
      return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, TINK);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink cannot generate an AES-256-GCM key", e);
    }
  }

  static KeysetHandle read(Path file) {
    if (file.toString().isEmpty()) {
      throw new KeysetRefusedException("no keyset file is set: POSTRIDER_KEYSET_FILE is its path");
    }
    if (!Files.isRegularFile(file)) {
      throw new KeysetRefusedException("keyset file " + file + " does not exist");
    }
    try {
      refuseOtherReaders(file);
      return TinkJsonProtoKeysetFormat.parseKeyset(
          Files.readString(file, UTF_8), TINK, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      // The cause may quote what it could not parse, and that is key material.
      throw new KeysetRefusedException("keyset file " + file + " is not a Tink keyset in JSON");
    } catch (IOException e) {
      throw new KeysetRefusedException("keyset file " + file + " cannot be read", e);
    }
  }

  /** Its group may read it: that is how Kubernetes gives a secret to a user who is not root. */
  private static void refuseOtherReaders(Path file) throws IOException {
    var others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    others.removeAll(OWNER_AND_GROUP);
    if (!others.isEmpty()) {
      throw new KeysetRefusedException(
          "keyset file %s must be its owner's, read by its group at most (chmod 0400 or 0440): was %s"
              .formatted(file, PosixFilePermissions.toString(Files.getPosixFilePermissions(file))));
    }
  }

  /** Complete or absent, and never over an existing file: a hard link fails where one is. */
  static void write(KeysetHandle keyset, Path file) {
    Path draft = draft(file);
    try {
      writeDraft(keyset, draft);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      throw new KeysetRefusedException("keyset file " + file + " exists and is not overwritten", e);
    } catch (IOException e) {
      throw new KeysetRefusedException("keyset file " + file + " cannot be written", e);
    } finally {
      draft.toFile().delete();
    }
  }

  /** The new content or the old, never anything between; with the permissions that it had. */
  static void replace(KeysetHandle keyset, Path file) {
    Path draft = draft(file);
    try {
      writeDraft(keyset, draft);
      Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(file));
      Files.move(draft, file, ATOMIC_MOVE);
    } catch (IOException e) {
      throw new KeysetRefusedException("keyset file " + file + " cannot be replaced", e);
    } finally {
      draft.toFile().delete();
    }
  }

  private static Path draft(Path file) {
    return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
  }

  private static void writeDraft(KeysetHandle keyset, Path draft) throws IOException {
    var ownerReads = PosixFilePermissions.asFileAttribute(OWNER_READS);
    try (var channel = FileChannel.open(draft, Set.of(CREATE_NEW, WRITE), ownerReads)) {
      var content = ByteBuffer.wrap(json(keyset).getBytes(UTF_8));
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
  }

  private static String json(KeysetHandle keyset) {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, TINK, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink cannot serialise its own keyset", e);
    }
  }
}
