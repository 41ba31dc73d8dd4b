/**
 * Where events go: everything about a destination that the worker must know to serve it. Owns the
 * shape and the bounds of the settings; refuses to know how they are stored, published or shown.
 */
@NullMarked
package dev.postrider.model.destination;

import org.jspecify.annotations.NullMarked;
