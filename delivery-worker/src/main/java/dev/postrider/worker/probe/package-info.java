// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Answers probes: sends what somebody waits to see the answer of, at once and past every lane, and
 * says what came of it. It refuses to retry, to count and to record, and to send what nobody waits
 * for any more.
 */
@ApplicationModule(allowedDependencies = {"http", "publish"})
@NullMarked
package dev.postrider.worker.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
