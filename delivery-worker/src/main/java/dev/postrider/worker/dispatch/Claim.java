// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

/** The dispatcher's hold on a record that was taken from Kafka. Safe for use by many threads. */
public interface Claim {

  /**
   * Called before anything is done for the record.
   *
   * @return false when nothing may be done: the record has been withdrawn since, and another worker
   *     has it now, or it has settled
   */
  boolean start();

  /**
   * Asked before anything is reported of what was started.
   *
   * @return false when the record has become another worker's meanwhile, who does it all himself:
   *     what came of it here must not be told, or it would be followed twice
   */
  boolean held();

  /** Called once all that follows from the record is safe: its offset may advance. */
  void settle();
}
