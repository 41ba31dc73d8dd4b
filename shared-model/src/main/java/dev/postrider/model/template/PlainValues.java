// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.template;

import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a dot: members of maps, elements of lists, the state of a loop, and four
 * methods of maps. Jinjava's own resolver calls any public method of any object but those on a
 * list; this one calls none, so there is nothing to escape through.
 */
final class PlainValues extends ELResolver {

  @Override
  public @Nullable Object getValue(ELContext context, Object base, @Nullable Object property) {
    context.setPropertyResolved(true);
    String name = String.valueOf(property);
    return switch (base) {
      case Map<?, ?> map -> map.get(name);
      case List<?> list -> element(list, name);
      case Map.Entry<?, ?> entry -> half(entry, name);
      case ForLoop loop -> state(loop, name);
      default -> null;
    };
  }

  /** Counted from the end where it is negative. */
  private static @Nullable Object element(List<?> list, String name) {
    try {
      int index = Integer.parseInt(name);
      int place = index < 0 ? list.size() + index : index;
      return place >= 0 && place < list.size() ? list.get(place) : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** A pair in Jinja. */
  private static @Nullable Object half(Map.Entry<?, ?> entry, String name) {
    return switch (name) {
      case "0", "key" -> entry.getKey();
      case "1", "value" -> entry.getValue();
      default -> null;
    };
  }

  private static @Nullable Object state(ForLoop loop, String name) {
    return switch (name) {
      case "index" -> loop.getIndex();
      case "index0" -> loop.getIndex0();
      case "revindex" -> loop.getRevindex();
      case "revindex0" -> loop.getRevindex0();
      case "first" -> loop.isFirst();
      case "last" -> loop.isLast();
      case "length" -> loop.getLength();
      default -> null;
    };
  }

  @Override
  public @Nullable Object invoke(
      ELContext context,
      Object base,
      Object method,
      Class<?> @Nullable [] types,
      @Nullable Object[] given) {
    context.setPropertyResolved(true);
    try {
      return switch (base) {
        case Filter filter -> filtered(filter, given);
        case ExpTest test -> tested(test, String.valueOf(method), given);
        case Map<?, ?> map -> called(map, String.valueOf(method), given);
        default -> throw new ELException("there is no method " + method);
      };
    } catch (InterpretException | ELException e) {
      throw e;
    } catch (ClassCastException e) {
      throw new ELException("it cannot work with values of such kinds", e);
    } catch (RuntimeException e) {
      throw new ELException(e.getMessage(), e); // one of a bad argument would go unheard
    }
  }

  /** As Jinjava lays it out: the value, who asks, the arguments, the named ones. */
  @SuppressWarnings("unchecked")
  private static @Nullable Object filtered(Filter filter, @Nullable Object[] given) {
    return filter.filter(
        given[0],
        JinjavaInterpreter.getCurrent(),
        (Object[]) given[2],
        (Map<String, Object>) given[3]);
  }

  private static boolean tested(ExpTest test, String method, @Nullable Object[] given) {
    Object[] more = Arrays.copyOfRange(given, 2, given.length);
    JinjavaInterpreter asking = JinjavaInterpreter.getCurrent();
    return method.equals("evaluateNegated")
        ? test.evaluateNegated(given[0], asking, more)
        : test.evaluate(given[0], asking, more);
  }

  private static @Nullable Object called(Map<?, ?> map, String method, @Nullable Object[] given) {
    return switch (method) {
      case "items" -> new ArrayList<>(map.entrySet());
      case "keys" -> new ArrayList<>(map.keySet());
      case "values" -> new ArrayList<>(map.values());
      case "get" -> {
        Object found = given.length > 0 ? map.get(String.valueOf(given[0])) : null;
        yield found == null && given.length > 1 ? given[1] : found;
      }
      default -> throw new ELException("a map has no method " + method);
    };
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    throw new ELException("values cannot be changed");
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return Object.class;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }
}
