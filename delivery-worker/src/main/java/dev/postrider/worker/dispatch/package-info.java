/**
 * The algorithm: what happens to a delivery from the moment it is taken until it has settled. Each
 * destination has a lane of its own with its own pace, so that none waits for another. Refuses to
 * read Kafka, to sign and to interpret network faults.
 */
@ApplicationModule(
    allowedDependencies = {"directory", "http", "retry", "outcome", "metrics", "crash"})
@NullMarked
package dev.postrider.worker.dispatch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
