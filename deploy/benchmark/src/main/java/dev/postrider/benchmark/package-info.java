/**
 * The benchmark behind {@code deploy/bench}: starts a stack of its own, drives it through one
 * scenario and tells what it saw, beside what a bare client manages on the same machine. It owns
 * the driver, the sink and the bare client; it judges nothing, and touches no stack but its own.
 */
@NullMarked
package dev.postrider.benchmark;

import org.jspecify.annotations.NullMarked;
