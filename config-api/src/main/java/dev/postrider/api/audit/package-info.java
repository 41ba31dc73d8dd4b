// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the record of who changed what. Entries are only ever added, in the transaction of the
 * change itself, and each is bound to the one before it by a keyed hash; it refuses to keep a
 * secret.
 */
@ApplicationModule(allowedDependencies = {"access", "listing", "problem", "tenant"})
@NullMarked
package dev.postrider.api.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
