/**
 * What a platform service published: an immutable event, its identity, its type and whose it is.
 * Owns the names of events; refuses to know how an event is encoded or where it will go.
 */
@NullMarked
package dev.postrider.model.event;

import org.jspecify.annotations.NullMarked;
