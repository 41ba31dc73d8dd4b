/** The benchmark's own arithmetic; what it measures is not for a timed test. */
package dev.postrider.benchmark;
