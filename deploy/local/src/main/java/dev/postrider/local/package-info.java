/**
 * The local stack: every server of Postrider as a process of its own on this machine, behind {@code
 * deploy/up} and {@code deploy/down}, and as a small API for end-to-end tests and the benchmark.
 * Decides which parts there are and in which order they start; how each is made is its own
 * package's business.
 */
@NullMarked
package dev.postrider.local;

import org.jspecify.annotations.NullMarked;
