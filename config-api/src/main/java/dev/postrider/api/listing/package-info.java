// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Owns how lists are asked for and come: by which conditions, in pages, and where the next page
 * begins. It refuses to know what is listed.
 */
@ApplicationModule(allowedDependencies = "problem")
@NullMarked
package dev.postrider.api.listing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
