/**
 * The local view of all destinations, read from the compacted topic, and the index from an event to
 * the destinations that want it. Knows how far it has read, so that whoever needs the newest
 * configuration can wait for it. Refuses to change anything.
 */
@ApplicationModule(allowedDependencies = {"metrics"})
@NullMarked
package dev.postrider.worker.directory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
