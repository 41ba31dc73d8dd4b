// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns API keys: for a tenant's machines, which have no issuer to log in at. It refuses to know a
 * key again that it has shown once, to let a key do more than its roles, and to go on serving one
 * that was revoked.
 */
@ApplicationModule(
    allowedDependencies = {"access", "audit", "limit", "listing", "problem", "tenant"})
@NullMarked
package dev.postrider.api.apikey;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
