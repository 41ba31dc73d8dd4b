// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;

/** The key that signs tokens; kept on disk, so that tokens survive a restart of the issuer. */
final class SigningKey {

  private static final int BITS = 2048;

  private SigningKey() {}

  static RSAKey keptIn(Path file) throws IOException, JOSEException, ParseException {
    if (!Files.exists(file)) {
      write(file, new RSAKeyGenerator(BITS).keyIDFromThumbprint(true).generate());
    }
    return RSAKey.parse(Files.readString(file));
  }

  private static void write(Path file, RSAKey key) throws IOException {
    var ownerOnly = PosixFilePermissions.fromString("rw-------");
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(next, PosixFilePermissions.asFileAttribute(ownerOnly));
    Files.writeString(next, key.toJSONString());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
