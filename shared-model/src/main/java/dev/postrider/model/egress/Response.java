// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.util.List;

/**
 * What a receiver answered, whatever the status.
 *
 * @param headers as received, at most 8 KiB in all
 * @param excerpt as much of the body as was asked for, from its beginning, raw and never
 *     decompressed
 * @param truncated whether the body went on or broke off; the connection was closed then
 */
@SuppressWarnings("ArrayRecordComponent") // answers are never compared
public record Response(int status, List<Header> headers, byte[] excerpt, boolean truncated) {}
