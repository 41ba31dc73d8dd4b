/**
 * Where a worker can be told to die, so that tests can see what a crash at that very place costs.
 * Refuses to do anything unless the process was started with {@code -Dpostrider.crash-at}.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.postrider.worker.crash;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
