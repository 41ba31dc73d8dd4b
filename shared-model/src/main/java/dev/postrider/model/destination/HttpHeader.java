// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.destination;

/** One header field of a request or a response, as it stands on the wire. */
public record HttpHeader(String key, String value) {}
