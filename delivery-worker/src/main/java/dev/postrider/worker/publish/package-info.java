/**
 * The one Kafka producer of the worker and its only promise: what it reports as written is on disk
 * on every replica that must have it. Refuses to decide what is written.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.postrider.worker.publish;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
