/**
 * One event on its way to one destination: what is sent, what an attempt came to and what was
 * decided then. Owns the identity of deliveries; refuses to send, to wait and to store.
 */
@NullMarked
package dev.postrider.model.delivery;

import org.jspecify.annotations.NullMarked;
