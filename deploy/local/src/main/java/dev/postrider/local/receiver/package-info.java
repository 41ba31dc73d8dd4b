/**
 * The demo receiver: somebody's server at the other end of a webhook. Shows what arrived, says
 * whether the signature verifies, and fails, delays or hangs when told to. Trusts nothing of
 * Postrider's own signing code: the public library or the JDK judges.
 */
@NullMarked
package dev.postrider.local.receiver;

import org.jspecify.annotations.NullMarked;
