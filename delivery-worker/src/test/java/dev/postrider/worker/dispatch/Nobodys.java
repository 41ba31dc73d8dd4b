// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

/** A claim on no record, that can be told from others. */
record Nobodys(int number) implements Claim {

  @Override
  public boolean start() {
    return true;
  }

  @Override
  public boolean held() {
    return true;
  }

  @Override
  public void settle() {}
}
