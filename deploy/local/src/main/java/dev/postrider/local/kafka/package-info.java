/**
 * The Kafka broker: the real one, a single KRaft node. Owns its configuration and its log
 * directory; topics are the services' business.
 */
@NullMarked
package dev.postrider.local.kafka;

import org.jspecify.annotations.NullMarked;
