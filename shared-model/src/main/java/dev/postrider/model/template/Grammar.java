// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.interpret.CollectionTooBigException;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.de.odysseus.el.tree.FunctionNode;
import jinjava.de.odysseus.el.tree.IdentifierNode;
import jinjava.de.odysseus.el.tree.Tree;
import jinjava.de.odysseus.el.tree.TreeBuilder;
import jinjava.de.odysseus.el.tree.TreeBuilderException;
import jinjava.de.odysseus.el.tree.impl.Builder.Feature;
import org.jspecify.annotations.Nullable;

/**
 * A look at a whole template, branches that are rarely taken included, for what is no Jinja or not
 * offered. Jinjava itself finds that out only where it comes by.
 */
final class Grammar {

  static final String TOO_DEEP = "a template is nested at most 50 deep";

  /** Of one expression, in characters: between two looks at the clock none can do much. */
  private static final int LONGEST = 2048;

  private static final int DEEPEST = 50;
  private static final String FILTER = "filter:";
  private static final String TEST = "exptest:";

  /** How filters get at the interpreter; nobody else is to. */
  private static final String INSIDE = "int3rpr3t3r";

  private static final Set<String> BRANCHES = Set.of("else", "elif");
  private static final Pattern IN = Pattern.compile("\\sin\\s");
  private static final Pattern CONDITION = Pattern.compile("\\sif\\s");
  private static final Pattern FRAME =
      Pattern.compile("^(Syntax error in '.*?': |\\w+Exception: )+", Pattern.DOTALL);
  private static final Pattern MACRO = Pattern.compile("\\s*(\\w+)\\s*\\(.*", Pattern.DOTALL);
  private static final TreeBuilder EXPRESSIONS =
      new ExtendedSyntaxBuilder(Feature.METHOD_INVOCATIONS);

  private final Context offered;
  private final Set<String> macros = new HashSet<>();

  private Grammar(Context offered) {
    this.offered = offered;
  }

  /** Throws TemplateFailedException at the first thing wrong. */
  static void check(Node root, Context offered) {
    Grammar grammar = new Grammar(offered);
    grammar.collectMacros(root, 0);
    grammar.check(root);
  }

  private void collectMacros(Node node, int depth) {
    if (depth > DEEPEST) {
      throw new TemplateFailedException(node.getLineNumber(), TOO_DEEP);
    }
    if (node instanceof TagNode tag && tag.getName().equals("macro")) {
      Matcher macro = MACRO.matcher(tag.getHelpers());
      if (!macro.matches()) {
        throw new TemplateFailedException(
            node.getLineNumber(), "a macro is written like {% macro name(parameter) %}");
      }
      macros.add(macro.group(1));
    }
    children(node).forEach(child -> collectMacros(child, depth + 1));
  }

  private void check(Node node) {
    if (node instanceof ExpressionNode) {
      expression(((ExpressionToken) node.getMaster()).getExpr(), node.getLineNumber());
    } else if (node instanceof TagNode tag) {
      tag(tag.getName(), tag.getHelpers(), node.getLineNumber());
    }
    for (Node child : children(node)) {
      if (child instanceof TagNode inner && BRANCHES.contains(inner.getName()) && !isIf(node)) {
        throw new TemplateFailedException(
            child.getLineNumber(), "a loop has no else, only an if has");
      }
      check(child);
    }
  }

  /** What stands in {@code raw} is no template. */
  private static List<Node> children(Node node) {
    return node instanceof TagNode tag && tag.getName().equals("raw")
        ? List.of()
        : node.getChildren();
  }

  private static boolean isIf(Node node) {
    return node instanceof TagNode tag && tag.getName().equals("if");
  }

  private void tag(String name, String helpers, int line) {
    switch (name) {
      case "if", "elif" -> expression(helpers, line);
      case "for" -> {
        Matcher in = IN.matcher(helpers);
        if (!in.find()) {
          throw new TemplateFailedException(line, "a loop is written like {% for one in many %}");
        }
        loop(helpers.substring(in.end()), line);
      }
      case "set" -> {
        int equals = helpers.indexOf('=');
        if (equals >= 0) {
          expression("[" + helpers.substring(equals + 1) + "]", line);
        } else if (helpers.indexOf('|') >= 0) {
          expression(helpers, line);
        }
      }
      default -> {} // has no expression
    }
  }

  /** Jinja's condition of a loop would be read as one of the list, and let everything through. */
  private void loop(String many, int line) {
    if (CONDITION.matcher(many).find() && !many.contains(" else ")) {
      throw new TemplateFailedException(
          line, "a loop has no condition: use selectattr, or {% if %} in the loop");
    }
    expression(many, line);
  }

  private void expression(String expression, int line) {
    if (expression.length() > LONGEST) {
      throw new TemplateFailedException(
          line, "an expression has at most " + LONGEST + " characters");
    }
    if (expression.isBlank()) {
      throw new TemplateFailedException(line, "an expression is missing");
    }
    if (expression.contains(INSIDE)) {
      throw new TemplateFailedException(line, "no expression may name the interpreter");
    }
    Tree tree = parsed(expression, line);
    for (IdentifierNode identifier : tree.getIdentifierNodes()) {
      name(identifier.getName(), line);
    }
    for (FunctionNode function : tree.getFunctionNodes()) {
      if (!Offer.hasFunction(function.getName()) && !macros.contains(function.getName())) {
        throw new TemplateFailedException(line, "there is no function " + function.getName());
      }
    }
  }

  private static Tree parsed(String expression, int line) {
    try {
      return EXPRESSIONS.build("#{" + expression + "}");
    } catch (TreeBuilderException e) {
      throw new TemplateFailedException(
          line,
          "'%s' is no expression: found %s where %s was expected"
              .formatted(shown(expression.strip()), e.getEncountered(), e.getExpected()));
    }
  }

  private static String shown(String expression) {
    return expression.length() <= 60 ? expression : expression.substring(0, 60) + "…";
  }

  private void name(String name, int line) {
    if (name.startsWith(FILTER) && !Offer.hasFilter(name.substring(FILTER.length()))) {
      throw new TemplateFailedException(line, "there is no filter " + bare(name));
    }
    if (name.startsWith(TEST) && offered.getExpTest(name.substring(TEST.length())) == null) {
      throw new TemplateFailedException(line, "there is no test " + bare(name));
    }
  }

  private static String bare(String name) {
    return name.substring(name.indexOf(':') + 1);
  }

  /** What Jinjava says, without what only its authors understand. */
  static String rule(TemplateError error) {
    return switch (error.getReason()) {
      case DISABLED ->
          "there is no %s %s"
              .formatted(error.getItem().name().toLowerCase(Locale.ROOT), error.getFieldName());
      case OUTPUT_TOO_BIG -> Rendering.TOO_LARGE;
      case COLLECTION_TOO_BIG -> Rendering.TOO_MANY;
      default -> rule(error.getException(), error.getMessage());
    };
  }

  private static String rule(@Nullable Throwable thrown, String message) {
    return switch (thrown == null ? null : thrown.getCause()) {
      case OutputTooBigException _ -> Rendering.TOO_LARGE;
      case CollectionTooBigException _ -> Rendering.TOO_MANY;
      case null, default -> FRAME.matcher(message).replaceFirst("");
    };
  }
}
