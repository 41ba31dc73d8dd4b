/**
 * Postrider's own services, from the jars that the build made: unpacked for a quick start and
 * launched with the environment of their launch contract.
 */
@NullMarked
package dev.postrider.local.service;

import org.jspecify.annotations.NullMarked;
