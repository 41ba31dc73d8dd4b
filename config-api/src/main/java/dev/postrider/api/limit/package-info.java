// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the tenants and how much each may use: destinations, events and requests a second, the size
 * of a payload, and how long payloads can be read. It refuses whoever asks for more, and tells when
 * to come back; what a tenant does with its share is none of its business.
 */
@ApplicationModule(allowedDependencies = {"access", "audit", "listing", "problem", "tenant"})
@NullMarked
package dev.postrider.api.limit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
