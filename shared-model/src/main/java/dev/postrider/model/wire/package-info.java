/**
 * How the contract looks in bytes: topics, record headers, JSON. The only place of the model that
 * knows Kafka and Jackson; refuses to connect to anything but the admin client it is handed.
 */
@NullMarked
package dev.postrider.model.wire;

import org.jspecify.annotations.NullMarked;
