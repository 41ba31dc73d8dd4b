// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns how this service says no: what a request may be at all, and RFC 9457 problems, from whatever
 * was thrown. It refuses to tell a caller anything that only an operator should read.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.postrider.api.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
