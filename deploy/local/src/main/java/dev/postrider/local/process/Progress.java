// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.process;

import java.time.Duration;

/** Is told, while a stack starts or stops, what happens to each part; called by several threads. */
public interface Progress {

  /** Says nothing: for tests and programs. */
  Progress SILENT =
      new Progress() {
        @Override
        public void starting(Part part) {}

        @Override
        public void ready(Part part, Duration after) {}

        @Override
        public void kept(Part part, Running running) {}

        @Override
        public void stopped(Running running, Duration after) {}
      };

  void starting(Part part);

  void ready(Part part, Duration after);

  void kept(Part part, Running running);

  void stopped(Running running, Duration after);
}
