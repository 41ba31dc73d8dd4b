// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the walls between tenants in PostgreSQL: schema, roles, row-level security and the only two
 * ways into a transaction, one for a tenant and one for the system. It refuses to hand out a
 * connection that still belongs to somebody.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.postrider.api.tenant;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
