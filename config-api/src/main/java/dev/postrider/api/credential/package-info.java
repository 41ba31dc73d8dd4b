// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what a destination proves itself with: how it may be given, how its secrets are sealed, kept
 * over changes and told apart afterwards. It refuses to give a secret back to anybody but the
 * worker, and to keep one for another kind of authentication than it was given for.
 */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.postrider.api.credential;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
