/**
 * Puts deliveries off: writes them to the topic of the longest delay that fits, and keeps what was
 * read from such a topic until it is due. Refuses to send: what is due comes back through the
 * intake.
 */
@ApplicationModule(allowedDependencies = {"publish", "metrics"})
@NullMarked
package dev.postrider.worker.retry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
