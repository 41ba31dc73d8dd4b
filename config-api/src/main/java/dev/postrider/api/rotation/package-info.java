// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns the way from one key of the keyset to the next: seals anew what older keys have sealed, and
 * counts what each key is still needed for. It refuses to look at what is sealed.
 */
@ApplicationModule(allowedDependencies = {"tenant", "outbox", "destination"})
@NullMarked
package dev.postrider.api.rotation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
