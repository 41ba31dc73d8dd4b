/**
 * The demo issuer: an OpenID Connect provider with the users and clients of CONTRACT.md §1, so that
 * the local stack has real tokens. Its passwords are public; it has no place outside a developer's
 * machine.
 */
@NullMarked
package dev.postrider.local.issuer;

import org.jspecify.annotations.NullMarked;
