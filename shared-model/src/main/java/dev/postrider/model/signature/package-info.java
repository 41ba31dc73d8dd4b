/**
 * Proof of origin and freshness: the schemes by which a request is signed, the secrets for them,
 * the signer and the verifier. A scheme is data, one row each, never a class; everything here is a
 * pure function over raw bytes. It refuses weak imported secrets, and refuses to know where a
 * secret is stored or how a request is sent.
 */
@NullMarked
package dev.postrider.model.signature;

import org.jspecify.annotations.NullMarked;
