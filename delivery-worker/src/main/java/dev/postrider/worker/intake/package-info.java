/**
 * Reads events and deliveries from Kafka, fresh and due ones, and knows what may be committed: what
 * was taken, what has settled, and, after a crash, what was already done. Refuses to know what a
 * delivery is for: it hands it to the dispatcher and waits to hear that it has settled.
 */
@ApplicationModule(
    allowedDependencies = {"dispatch", "retry", "route", "publish", "metrics", "crash"})
@NullMarked
package dev.postrider.worker.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
