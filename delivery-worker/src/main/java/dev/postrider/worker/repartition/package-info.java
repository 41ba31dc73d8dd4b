/**
 * Moves what is under way when the topics that belong together get more partitions, and knows which
 * count it lies by. Works while no worker runs, and refuses to while one does.
 */
@ApplicationModule(allowedDependencies = {"intake", "crash"})
@NullMarked
package dev.postrider.worker.repartition;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
