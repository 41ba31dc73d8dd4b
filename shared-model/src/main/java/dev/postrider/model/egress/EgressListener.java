// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

/** Hears of every refusal, so that it can be counted; called on event loops, must not block. */
@FunctionalInterface
public interface EgressListener {

  /** Called once for each resolution or connection that was refused. */
  void refused(Stage stage, AddressVerdict why);
}
