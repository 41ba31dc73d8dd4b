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
 * @param content what is signed: a template over {@code {id} {timestamp} {body} {url} {method}
 *     {content_type} {content_digest} {key_id}}
 * @param headers what is sent, in this order: {@code Name: template}, the template being {@code
 *     {id}}, {@code {timestamp}} (unix seconds), a text over the same as the content, or the place
 *     of the signatures written as vendors document it, such as {@code
 *     t={timestamp},v1={signature}[,v1={signature}]}; without the brackets only the newest secret
 *     signs, and {@code {n}} is the signature's number, from 1
 * @param bodyForm in which the body must be sent
 */
public record SignatureScheme(
    String name,
    Algorithm algorithm,
    KeyForm keyForm,
    TextForm textForm,
    String content,
    List<String> headers,
    BodyForm bodyForm) {

  /** A scheme that takes the body as it is. */
  public SignatureScheme(
      String name,
      Algorithm algorithm,
      KeyForm keyForm,
      TextForm textForm,
      String content,
      List<String> headers) {
    this(name, algorithm, keyForm, textForm, content, headers, BodyForm.AS_IT_IS);
  }

  /** What receivers that follow the scheme's documents do to a body before they verify it. */
  public enum BodyForm {
    /** Nothing: they take the bytes as they came. */
    AS_IT_IS,
    /** They parse it and write it again as Python's {@code json.dumps} does: it must be so. */
    PYTHON_JSON
  }

  /** Refuses templates that cannot be followed. */
  public SignatureScheme {
    headers = List.copyOf(headers);
    SignedContent.parse(content);
    HeaderLayout.parse(headers);
  }

  /** Whether the content type is signed: then every request must have one. */
  public boolean signsContentType() {
    return content.contains("{content_type}");
  }

  /** The names this scheme sets, in lower case; a tenant's own headers must not clash with them. */
  public Set<String> ownHeaders() {
    return headers.stream()
        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
        .collect(toUnmodifiableSet());
  }
}
