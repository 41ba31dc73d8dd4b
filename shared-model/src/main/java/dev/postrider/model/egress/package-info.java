/**
 * Which addresses may be reached, and the one HTTP client that obeys: rules for URLs, addresses and
 * headers that a tenant chooses, judged when they are registered, again after every resolution, and
 * a last time at the socket. Reactor Netty stays inside. It refuses to interpret what a receiver
 * answers: an answer is a value, a failure is the exception that the network gave.
 */
@NullMarked
package dev.postrider.model.egress;

import org.jspecify.annotations.NullMarked;
