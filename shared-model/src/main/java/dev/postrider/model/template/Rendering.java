// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.CollectionTooBigException;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import com.sun.management.ThreadMXBean;
import dev.postrider.model.wire.PlainJson;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import jinjava.javax.el.PropertyNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a template. It ends at the first error, where Jinjava would go on, and when its time
 * or memory is used up: asked at every node, every name, every filter and every turn of a filter
 * over a list, between which nothing takes much.
 */
final class Rendering extends JinjavaInterpreter {

  static final String TOO_LARGE = "a template makes at most 256 KiB";
  static final String TOO_MANY = "a list or map has at most 10000 elements";
  static final String TOO_MUCH = "a template may use 64 MiB of memory";
  static final String TOO_LONG = "a template may take 100 ms of a processor's time";

  /** Of the processor's time: others that keep it busy are no fault of the template's. */
  private static final long MOST_NANOS = Duration.ofMillis(100).toNanos();

  /** What is allocated, not what is held: a loop cannot fill the heap before it is stopped. */
  private static final long MOST_BYTES = 64L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long begun = System.nanoTime();
  private final long spent = THREADS.getCurrentThreadCpuTime();
  private final long allocated = THREADS.getCurrentThreadAllocatedBytes();
  private @Nullable TemplateFailedException failed;

  Rendering(Jinjava engine, Context context) {
    super(engine, context, engine.getGlobalConfig());
  }

  Node parsed(String source) {
    try (var _ = JinjavaInterpreter.closeablePushCurrent(this).get()) {
      Node root = parse(source);
      Grammar.check(root, getContext());
      return root;
    }
  }

  void refuseFailed() {
    if (failed != null) {
      throw failed;
    }
  }

  /** The cheaper clock is asked first: it never runs behind the other. */
  void refuseExcess() {
    if (THREADS.getCurrentThreadAllocatedBytes() - allocated > MOST_BYTES) {
      throw failing(getLineNumber(), TOO_MUCH);
    }
    if (System.nanoTime() - begun > MOST_NANOS
        && THREADS.getCurrentThreadCpuTime() - spent > MOST_NANOS) {
      throw failing(getLineNumber(), TOO_LONG);
    }
  }

  private InterpretException failing(int line, String rule) {
    if (failed == null) {
      failed = new TemplateFailedException(line, rule);
    }
    return new InterpretException(rule, line);
  }

  @Override
  public void addError(TemplateError error) {
    boolean harmless =
        error.getException() instanceof PropertyNotFoundException
            || (error.getSeverity() == TemplateError.ErrorType.WARNING
                && error.getException() instanceof CollectionTooBigException);
    if (!harmless) {
      throw failing(
          error.getLineno() > 0 ? error.getLineno() : getLineNumber(), Grammar.rule(error));
    }
  }

  @Override
  public @Nullable Object retraceVariable(String variable, int lineNumber, int startPosition) {
    refuseExcess();
    if (variable.startsWith("__")) {
      return null; // where Jinjava keeps its own things
    }
    return super.retraceVariable(variable, lineNumber, startPosition);
  }

  /** What is neither text nor number is printed as JSON. */
  @Override
  public String getAsString(@Nullable Object value) {
    return text(value);
  }

  static String text(@Nullable Object value) {
    if (value == null || value instanceof JinjavaInterpreter) {
      return "";
    }
    return value instanceof Map || value instanceof Collection
        ? PlainJson.write(value)
        : value.toString();
  }
}
