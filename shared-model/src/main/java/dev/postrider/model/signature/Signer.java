// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import dev.postrider.model.signature.HeaderLayout.IdLine;
import dev.postrider.model.signature.HeaderLayout.SignatureLine;
import dev.postrider.model.signature.HeaderLayout.TextLine;
import dev.postrider.model.signature.HeaderLayout.TimestampLine;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Signs requests by one scheme with the live secrets of one destination. Made once for each
 * destination, since it prepares templates and keys; safe for use by many threads.
 */
public final class Signer {

  private final SignatureScheme scheme;
  private final SignedContent content;
  private final HeaderLayout layout;
  private final List<Key> keys;

  /**
   * A signer for the scheme.
   *
   * @param secrets newest first; where the scheme has room for one signature, the first signs
   */
  public Signer(SignatureScheme scheme, List<SigningSecret> secrets) {
    if (scheme.algorithm() != Algorithm.NONE && secrets.isEmpty()) {
      throw new IllegalArgumentException("the scheme " + scheme.name() + " needs a secret: had 0");
    }
    this.scheme = scheme;
    this.content = SignedContent.parse(scheme.content());
    this.layout = HeaderLayout.parse(scheme.headers());
    this.keys = secrets.stream().map(SigningSecret::key).toList();
  }

  /** What must be known of the request to be signed. */
  public SignatureScheme scheme() {
    return scheme;
  }

  /** Hands the scheme's headers, name and value, to the sink in the scheme's order. */
  public void sign(SigningInput input, BiConsumer<String, String> sink) {
    for (var line : layout.lines()) {
      String value =
          switch (line) {
            case IdLine _ -> input.id();
            case TimestampLine _ -> input.timestampSeconds();
            case TextLine text -> text.of(input, keys.size());
            case SignatureLine signatures -> signatures(signatures, input);
          };
      sink.accept(line.name(), value);
    }
  }

  private String signatures(SignatureLine line, SigningInput input) {
    var signed = content.of(input);
    var value = new StringBuilder(160);
    if (line.timestamped()) {
      value.append("t=").append(input.timestampSeconds()).append(',');
    }
    int count = line.takesMany() ? keys.size() : 1;
    for (int i = 0; i < count; i++) {
      value.append(i == 0 ? "" : line.separator()).append(line.prefix(i + 1));
      value.append(scheme.textForm().encode(keys.get(i).sign(signed))).append(line.suffix());
    }
    return value.toString();
  }
}
