/** The way of an event through the whole system, with every part a process of its own. */
@NullMarked
package dev.postrider.local.journey;

import org.jspecify.annotations.NullMarked;
