// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class StructureTest {

  @Test
  void packagesDependOnlyOnWhatTheyDeclare() {
    ApplicationModules.of(ConfigApi.class).verify();
  }
}
