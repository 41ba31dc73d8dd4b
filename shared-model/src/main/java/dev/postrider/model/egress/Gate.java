// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One answer to "may this be reached", asked by the resolver and again at the socket.
 *
 * @param accepted what suffices: reachable at all, or permitted by the operator
 */
record Gate(AddressRules rules, Predicate<AddressVerdict> accepted, EgressListener listener) {

  boolean accepts(SocketAddress address) {
    return accepted.test(rules.judge(address));
  }

  /** The refusal, already counted; empty when the address may be reached. */
  Optional<EgressRefusedException> refusal(Stage stage, SocketAddress address) {
    var verdict = rules.judge(address);
    if (accepted.test(verdict)) {
      return Optional.empty();
    }
    listener.refused(stage, verdict);
    return Optional.of(new EgressRefusedException(stage, verdict));
  }
}
