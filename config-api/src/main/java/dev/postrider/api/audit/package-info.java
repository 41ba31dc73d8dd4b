// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the record of who changed what. Entries are only ever added, in the transaction of the
 * change itself; it refuses to keep a secret.
 */
@ApplicationModule(allowedDependencies = {"access", "tenant"})
@NullMarked
package dev.postrider.api.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
