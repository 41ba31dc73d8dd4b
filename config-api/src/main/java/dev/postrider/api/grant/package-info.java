// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns what issuers have granted to destinations: the tokens, sealed, how far they can be relied
 * on, and whose turn it is to renew them. It refuses to talk to anybody, and to let two renew one
 * grant.
 */
@ApplicationModule(allowedDependencies = {"tenant"})
@NullMarked
package dev.postrider.api.grant;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
