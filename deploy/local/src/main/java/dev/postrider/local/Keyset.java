// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.postrider.local.process.PartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

/** The key that seals secrets, made once and kept with the data that it seals. */
final class Keyset {

  private Keyset() {}

  // SEAM: becomes SecretBox.createKeyset(file) of shared-model once that is there.
  static void createIfAbsent(Path file) {
    if (Files.exists(file)) {
      return;
    }
    try {
      AeadConfig.register();
      var keyset =
          KeysetHandle.generateNew(
              PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
      var ownerOnly = PosixFilePermissions.fromString("r--------");
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
      Files.setPosixFilePermissions(file, ownerOnly);
    } catch (GeneralSecurityException | IOException e) {
      throw new PartFailure("The keyset %s cannot be made: %s".formatted(file, e.getMessage()), e);
    }
  }
}
