/**
 * The delivery worker: consumes Kafka, signs, sends, retries. It needs Kafka and nothing else; it
 * knows no database and calls no other service of ours.
 */
@NullMarked
package dev.postrider.worker;

import org.jspecify.annotations.NullMarked;
