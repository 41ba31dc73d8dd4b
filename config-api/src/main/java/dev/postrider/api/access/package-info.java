// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns who is calling, for which tenant and in which role, and whether that role may do it. It
 * refuses by default: a handler that names no role is served to nobody.
 */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package dev.postrider.api.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
