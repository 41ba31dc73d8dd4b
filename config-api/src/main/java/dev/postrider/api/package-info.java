// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The service that stores what should go where, publishes events and shows what became of them. Its
 * packages are its features; this one only starts them. It refuses to deliver anything itself.
 */
@NullMarked
package dev.postrider.api;

import org.jspecify.annotations.NullMarked;
