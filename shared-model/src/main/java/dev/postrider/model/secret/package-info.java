/**
 * What must not be seen: secrets in memory, sealed secrets anywhere else, and the one box that
 * turns the first into the second. Tink stays inside. It refuses to open a sealed secret at any
 * place but the one it was sealed for, and to work with a keyset that others can read.
 */
@NullMarked
package dev.postrider.model.secret;

import org.jspecify.annotations.NullMarked;
