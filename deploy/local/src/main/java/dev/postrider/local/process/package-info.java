/**
 * Servers as operating system processes: started detached, known by pid and start time, judged by
 * their health, stopped by signals. Knows nothing of what the servers are.
 */
@NullMarked
package dev.postrider.local.process;

import org.jspecify.annotations.NullMarked;
