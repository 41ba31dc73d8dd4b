/**
 * What the worker counts, and the equations that hold between the counters. All names are part of
 * the contract; refuses labels whose values come from tenants.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.postrider.worker.metrics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
