// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.description;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.yaml.snakeyaml.Yaml;

/**
 * What the bodies, parameters, headers and problems of the API look like: the files under {@code
 * openapi/}, one a part of the API. Handlers name what they take and answer by {@code ref}.
 */
final class DescribedComponents {

  private DescribedComponents() {}

  /** All files in one. */
  static Components read() {
    Components all = new Components();
    try {
      Resource[] files =
          new PathMatchingResourcePatternResolver().getResources("classpath:openapi/*.yaml");
      Stream.of(files)
          .sorted(Comparator.comparing(file -> String.valueOf(file.getFilename())))
          .map(DescribedComponents::read)
          .forEach(some -> add(some, all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** Anchors are resolved by SnakeYAML, which Jackson's own reader of YAML passes over. */
  private static Components read(Resource file) {
    try (InputStream in = file.getInputStream()) {
      return Json31.mapper().convertValue(new Yaml().load(in), Components.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Components some, Components all) {
    each(some.getSchemas()).forEach(all::addSchemas);
    each(some.getParameters()).forEach(all::addParameters);
    each(some.getHeaders()).forEach(all::addHeaders);
    each(some.getResponses()).forEach(all::addResponses);
    each(some.getSecuritySchemes()).forEach(all::addSecuritySchemes);
  }

  private static <T> Map<String, T> each(@Nullable Map<String, T> part) {
    return Objects.requireNonNullElse(part, Map.of());
  }
}
