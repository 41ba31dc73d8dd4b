/**
 * What of an event goes into a request: body, content type and attribute headers, in each of the
 * formats that a destination can ask for. The worker sends by it and config-api shows it
 * beforehand. It refuses to know of signatures, credentials and addresses.
 */
@NullMarked
package dev.postrider.model.payload;

import org.jspecify.annotations.NullMarked;
