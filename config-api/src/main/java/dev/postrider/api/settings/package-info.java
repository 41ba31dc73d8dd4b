// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what may be said of a destination: its settings, judged all at once and with their defaults
 * filled in, the schemes and types to choose from, and a preview of what they make of an event. It
 * refuses to store anything and to know which destinations there are.
 */
@ApplicationModule(allowedDependencies = {"access", "problem", "credential"})
@NullMarked
package dev.postrider.api.settings;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
