/**
 * PostgreSQL: the real one, from binaries that come as a jar. Owns the data directory, the role and
 * the database; the schema is the services' business.
 */
@NullMarked
package dev.postrider.local.postgres;

import org.jspecify.annotations.NullMarked;
