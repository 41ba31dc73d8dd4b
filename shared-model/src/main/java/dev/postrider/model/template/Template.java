// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.tree.Node;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled Jinja template. What a template names and nobody gave it renders as nothing; a filter
 * that cannot work with what it gets is a failure.
 *
 * <p>At most {@value #LONGEST} characters, and {@value #LARGEST} bytes of output; rendering may
 * take 100 ms of a processor. Safe for use by many threads, but takes its time on the caller's: one
 * that serves others should not render.
 */
public final class Template {

  /** Of the source, in characters. */
  public static final int LONGEST = 64 * 1024;

  /** Of the output, in bytes of UTF-8. */
  public static final int LARGEST = 256 * 1024;

  private final Node root;

  private Template(Node root) {
    this.root = root;
  }

  /**
   * Compiles.
   *
   * @throws TemplateFailedException naming the line and the rule that the source breaks there
   */
  public static Template compile(String source) {
    if (source.length() > LONGEST) {
      throw new TemplateFailedException(1, "a template has at most " + LONGEST + " characters");
    }
    Rendering parsing = Sandbox.rendering(Map.of());
    return new Template(guarded(parsing, () -> parsing.parsed(source)));
  }

  /**
   * Renders.
   *
   * @param values what the template can name; maps, lists, strings, numbers, booleans and null only
   * @throws TemplateFailedException naming the line and what went wrong there
   */
  public String render(Map<String, ? extends @Nullable Object> values) {
    Rendering rendering = Sandbox.rendering(values);
    String text = guarded(rendering, () -> rendering.render(root));
    if (text.length() > LARGEST || text.getBytes(UTF_8).length > LARGEST) {
      throw new TemplateFailedException(1, Rendering.TOO_LARGE);
    }
    return text;
  }

  private interface Step<T> {
    T take();
  }

  private static <T> T guarded(Rendering rendering, Step<T> step) {
    try {
      T done = step.take();
      rendering.refuseFailed();
      return done;
    } catch (OutputTooBigException e) {
      throw new TemplateFailedException(rendering.getLineNumber(), Rendering.TOO_LARGE);
    } catch (StackOverflowError e) {
      throw new TemplateFailedException(rendering.getLineNumber(), Grammar.TOO_DEEP);
    } catch (TemplateFailedException e) {
      throw e;
    } catch (RuntimeException e) { // Jinjava's own, and whatever its parts throw at odd input
      rendering.refuseFailed();
      throw new TemplateFailedException(rendering.getLineNumber(), String.valueOf(e.getMessage()));
    }
  }
}
