// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import dev.postrider.api.credential.AuthenticationSettings;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.signature.SignatureScheme;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The settings of a destination, judged and typed.
 *
 * @param document the same in the shape of the API, defaults filled in, without any secret; this is
 *     what is stored
 * @param handshake whether the receiver must grant its permission first
 * @param givenKey the signing key that came with them; null when there is none, or one to be kept
 */
public record Settings(
    ObjectNode document,
    String endpoint,
    boolean enabled,
    boolean handshake,
    List<EventTypePattern> eventTypes,
    List<EventFilter> filters,
    String method,
    List<HttpHeader> headers,
    PayloadFormat format,
    @Nullable String template,
    Duration timeout,
    AuthenticationSettings authentication,
    SignatureScheme scheme,
    @Nullable Secret givenKey,
    RetryPolicy retry,
    Limits limits,
    Ordering ordering) {

  /** Whether the scheme is one that the destination describes, and not one of ours. */
  public boolean describesItsScheme() {
    return scheme.name().equals(SigningSettings.CUSTOM);
  }
}
