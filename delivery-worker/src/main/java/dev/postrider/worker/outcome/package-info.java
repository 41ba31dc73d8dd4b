/**
 * Writes down what was decided, before anything that follows from it: reports to the outcomes
 * topic, exhausted deliveries to the dead letters. Refuses to forget: a report that Kafka does not
 * take is written again until it does.
 */
@ApplicationModule(allowedDependencies = {"publish", "metrics"})
@NullMarked
package dev.postrider.worker.outcome;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
