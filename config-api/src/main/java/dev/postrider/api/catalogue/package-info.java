// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the catalogue of event types: what a tenant publishes, the JSON Schema of its data in each
 * version, examples, and the description of all that for receivers. It refuses schemas that it
 * could not check within bounds, and, where a type asks for it, events that do not fit; events of
 * types that nobody has described go their way.
 */
@ApplicationModule(
    allowedDependencies = {"access", "audit", "limit", "listing", "problem", "tenant"})
@NullMarked
package dev.postrider.api.catalogue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
