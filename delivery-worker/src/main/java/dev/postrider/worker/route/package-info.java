/**
 * One event in, its deliveries out: reads events, waits until the directory is as new as the event,
 * matches, and writes one delivery for each destination. Refuses to send.
 */
@ApplicationModule(allowedDependencies = {"directory", "publish", "metrics"})
@NullMarked
package dev.postrider.worker.route;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
