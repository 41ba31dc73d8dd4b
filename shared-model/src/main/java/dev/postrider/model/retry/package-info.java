/**
 * When to try again, as pure arithmetic: waits, limits and the tiers they are made of. Owns no
 * timer and reads no clock; chance is a parameter.
 */
@NullMarked
package dev.postrider.model.retry;

import org.jspecify.annotations.NullMarked;
