// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.receiver;

import java.util.List;
import java.util.Map;

/**
 * How an inbox answers.
 *
 * @param statuses one for each request in turn, the last one for all that follow; 200 unless set
 * @param delayMs how long to wait before the answer
 * @param hang never to answer at all
 * @param headers of the answer
 * @param body of the answer
 */
record Behaviour(
    List<Integer> statuses, long delayMs, boolean hang, Map<String, String> headers, String body) {

  static final Behaviour ACCEPT = new Behaviour(List.of(), 0, false, Map.of(), "");

  Behaviour {
    statuses = statuses == null || statuses.isEmpty() ? List.of(200) : List.copyOf(statuses);
    headers = headers == null ? Map.of() : Map.copyOf(headers);
    body = body == null ? "" : body;
    statuses.forEach(Behaviour::requireStatus);
  }

  /**
   * @param earlier how many requests have been answered this way before
   */
  int status(long earlier) {
    return statuses.get((int) Math.min(earlier, statuses.size() - 1));
  }

  private static void requireStatus(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("a status is from 200 to 599: was " + status);
    }
  }
}
