// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the OpenAPI document: what its calls have in common, its components and its webhooks. It
 * refuses to describe one call: who answers it does that.
 */
@ApplicationModule(allowedDependencies = {"access", "catalogue"})
@NullMarked
package dev.postrider.api.description;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
