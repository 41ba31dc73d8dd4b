// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import dev.postrider.local.Settings;
import java.util.List;
import java.util.Map;

/** One question asked of a stack. */
interface Scenario {

  /** What its stack needs beyond the usual. */
  default Settings prepare(Settings settings) {
    return settings;
  }

  /** Measures, in bounded time, and tells on standard error how far it is. */
  Result run(Rig rig, Bare bare, Options options);

  /**
   * What came of it.
   *
   * @param settings what somebody else needs to do it again
   * @param runs all figures, run by run
   * @param ratio of the scenario's rate to that of the bare client; NaN where it has none
   * @param picture the same as a drawing
   */
  record Result(
      Map<String, Object> settings,
      List<Map<Figure, Double>> runs,
      double ratio,
      Picture picture) {}
}
