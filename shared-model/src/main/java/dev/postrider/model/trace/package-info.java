/**
 * The spans of an event's way, and how each finds its parent. Refuses to choose where spans are
 * sent: that is configuration of the services.
 */
@NullMarked
package dev.postrider.model.trace;

import org.jspecify.annotations.NullMarked;
