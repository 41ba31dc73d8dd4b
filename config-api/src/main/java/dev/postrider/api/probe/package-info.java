// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns verify and test: asks a worker to send one request for real and tells an admin, in words,
 * what came of it. It refuses to send anything itself, and to leave a trace in deliveries or
 * statistics.
 */
@ApplicationModule(allowedDependencies = {"access", "problem", "kafka", "settings", "destination"})
@NullMarked
package dev.postrider.api.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
