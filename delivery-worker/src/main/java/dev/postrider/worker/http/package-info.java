/**
 * One delivery in, one attempt out: builds and signs the request, sends it through the guarded
 * client, and says what came of it. An expected failure is a value here. Refuses to decide what
 * follows.
 */
@ApplicationModule(allowedDependencies = {"metrics", "crash"})
@NullMarked
package dev.postrider.worker.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
