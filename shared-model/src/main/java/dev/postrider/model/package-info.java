/**
 * The contract between config-api and delivery-worker: value types and the pure functions over
 * them. It names no framework; whoever needs a socket, a database or a clock lives elsewhere.
 */
@NullMarked
package dev.postrider.model;

import org.jspecify.annotations.NullMarked;
