// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.google.common.collect.SetMultimap;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import java.util.Map;
import java.util.Properties;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.tree.TreeBuilder;
import jinjava.javax.el.ExpressionFactory;
import org.jspecify.annotations.Nullable;

/** The engine with everything taken away that a tenant's template has no business with. */
final class Sandbox extends Jinjava {

  private static final int LONGEST_LIST = 10_000;
  private static final int LONGEST_RANGE = 1000;

  /** Parsed expressions that are kept, of at most 2048 characters each. */
  private static final int KEPT_EXPRESSIONS = 1000;

  private static final Sandbox ENGINE = new Sandbox();

  private final Context offered = Offer.context();
  private final ExpressionFactory expressions = expressions();

  private Sandbox() {
    super(config());
    setResourceLocator(
        (name, _, _) -> {
          throw new IllegalStateException("a template reads nothing: wanted " + name);
        });
  }

  static Rendering rendering(Map<String, ? extends @Nullable Object> values) {
    return new Rendering(ENGINE, new Scope(ENGINE.offered, values));
  }

  /** No rendering of data that looks like a template, and names of Jinja rather than of Java. */
  private static JinjavaConfig config() {
    return JinjavaConfig.newBuilder()
        .withNestedInterpretationEnabled(false)
        .withElResolver(new PlainValues())
        .withMaxOutputSize(Template.LARGEST)
        .withMaxStringLength(Template.LARGEST)
        .withMaxListSize(LONGEST_LIST)
        .withMaxMapSize(LONGEST_LIST)
        .withRangeLimit(LONGEST_RANGE)
        .withMaxRenderDepth(10)
        .withProcessors(JinjavaProcessors.newBuilder().withNodePreProcessor(Sandbox::visit).build())
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withIterateOverMapKeys(true)
                .withEvaluateMapKeys(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withHandleBackslashInQuotesOnly(true)
                .build())
        .build();
  }

  private static void visit(Node node, JinjavaInterpreter interpreter) {
    interpreter.getContext().setCurrentNode(node);
    if (interpreter instanceof Rendering rendering) {
      rendering.refuseExcess();
    }
  }

  private static ExpressionFactory expressions() {
    Properties how = new Properties();
    how.setProperty(TreeBuilder.class.getName(), ExtendedSyntaxBuilder.class.getName());
    how.setProperty(ExpressionFactoryImpl.PROP_CACHE_SIZE, Integer.toString(KEPT_EXPRESSIONS));
    return new ExpressionFactoryImpl(how, new BoundedNumbers());
  }

  @Override
  public ExpressionFactory getExpressionFactory() {
    return expressions;
  }

  @Override
  public Context getGlobalContext() {
    return offered;
  }

  /** Names of one run. It tells what is shared nothing of what was looked at. */
  private static final class Scope extends Context {

    Scope(Context offered, Map<String, ? extends @Nullable Object> values) {
      super(offered, values);
    }

    @Override
    public void addResolvedExpression(String expression) {}

    @Override
    public void addResolvedValue(String value) {}

    @Override
    public void addResolvedFunction(String function) {}

    @Override
    public void addDependency(String type, String identification) {}

    @Override
    public void addDependencies(SetMultimap<String, String> dependencies) {}
  }
}
