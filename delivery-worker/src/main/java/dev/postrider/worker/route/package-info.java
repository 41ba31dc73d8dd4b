/**
 * One event in, its deliveries out: decodes a record of {@code events} and matches it with the
 * directory. Refuses to read Kafka, to wait and to send.
 */
@ApplicationModule(allowedDependencies = {"directory", "metrics"})
@NullMarked
package dev.postrider.worker.route;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
