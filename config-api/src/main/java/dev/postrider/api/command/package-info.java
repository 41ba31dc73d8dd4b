// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what an operator asks of the service's jar on the command line: the keyset, and whether the
 * audit trail is what was written. It refuses to serve, and to start more of the service than a
 * command needs.
 */
@ApplicationModule(allowedDependencies = {"tenant", "audit", "rotation"})
@NullMarked
package dev.postrider.api.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
