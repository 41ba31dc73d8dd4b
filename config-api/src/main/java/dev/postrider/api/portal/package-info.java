// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the pages for people and their session. It has no logic of its own and refuses everything
 * that the API would refuse.
 */
@ApplicationModule(allowedDependencies = {"access", "problem", "delivery", "destination"})
@NullMarked
package dev.postrider.api.portal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
