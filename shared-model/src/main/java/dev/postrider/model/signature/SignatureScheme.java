// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.signature;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One way to sign a request, described well enough to sign by it and to verify it.
 *
 * @param name how a destination asks for it, as in {@code signing.scheme}
 * @param algorithm how bytes become a signature
 * @param keyForm how the secret's text becomes a key
 * @param textForm how the signature's bytes become text
 * @param content what is signed: a template over {@code {id} {timestamp} {body} {url} {method}}
 * @param headers what is sent, in this order: {@code Name: template}, the template being {@code
 *     {id}}, {@code {timestamp}} (unix seconds), or the place of the signatures written as vendors
 *     document it, such as {@code t={timestamp},v1={signature}[,v1={signature}]}; without the
 *     brackets only the newest secret signs
 */
public record SignatureScheme(
    String name,
    Algorithm algorithm,
    KeyForm keyForm,
    TextForm textForm,
    String content,
    List<String> headers) {

  /** Refuses templates that cannot be followed. */
  public SignatureScheme {
    headers = List.copyOf(headers);
    SignedContent.parse(content);
    HeaderLayout.parse(headers);
  }

  /** The names this scheme sets, in lower case; a tenant's own headers must not clash with them. */
  public Set<String> ownHeaders() {
    return headers.stream()
        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
        .collect(toUnmodifiableSet());
  }
}
