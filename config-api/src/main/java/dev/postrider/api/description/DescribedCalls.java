// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.description;

import dev.postrider.api.access.Allow;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;

/** What every call has in common and its handler need not say: roles, problems, parameters. */
final class DescribedCalls {

  /** {@code /api/v1/api-keys/{id}/…} is about an {@code ApiKeyId}. */
  private static final Pattern OF_ONE = Pattern.compile("/([a-z-]+)/\\{(\\w+)}");

  private static final Pattern WORD = Pattern.compile("(?:^|-)([a-z])");

  private DescribedCalls() {}

  /** Adds to one call what its signature tells. */
  static Operation complete(Operation operation, HandlerMethod handler) {
    Allow allow = handler.getMethodAnnotation(Allow.class);
    if (allow != null) {
      operation.addExtension(
          "x-roles",
          Stream.of(allow.value()).map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    }
    problems(operation, handler)
        .forEach(status -> operation.getResponses().addApiResponse(status, reference(status)));
    if (operation.getResponses().containsKey("412")) {
      operation.addParametersItem(new Parameter().$ref("If-Match"));
    }
    if (handler.hasMethodAnnotation(GetMapping.class) && hasVersion(operation)) {
      operation.getResponses().addApiResponse("304", reference("304"));
      operation.addParametersItem(new Parameter().$ref("If-None-Match"));
    }
    ApiResponses sorted = new ApiResponses();
    sorted.putAll(new TreeMap<>(operation.getResponses()));
    return operation.responses(sorted);
  }

  private static ApiResponse reference(String status) {
    return new ApiResponse().$ref("#/components/responses/" + status);
  }

  private static Set<String> problems(Operation operation, HandlerMethod handler) {
    Set<String> problems = new TreeSet<>(Set.of("400", "401", "403", "429", "503"));
    if (operation.getResponses().values().stream().anyMatch(DescribedCalls::hasBody)) {
      problems.add("406");
    }
    if (parameters(operation).stream().anyMatch(each -> "path".equals(each.getIn()))) {
      problems.add("404");
    }
    if (operation.getRequestBody() != null) {
      problems.addAll(List.of("408", "413"));
    }
    RequestMapping mapping =
        AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequestMapping.class);
    if (mapping != null && mapping.consumes().length > 0) {
      problems.add("415");
    }
    return problems;
  }

  private static boolean hasVersion(Operation operation) {
    ApiResponse answer = operation.getResponses().get("200");
    return answer != null && answer.getHeaders() != null && answer.getHeaders().containsKey("ETag");
  }

  private static boolean hasBody(ApiResponse answer) {
    return answer.getContent() != null && !answer.getContent().isEmpty();
  }

  private static List<Parameter> parameters(Operation operation) {
    return operation.getParameters() == null ? List.of() : operation.getParameters();
  }

  /** Gives parameters the schemas that go by their names, and everything a fixed order. */
  static void complete(OpenAPI document) {
    document.setServers(List.of(new Server().url("/"))); // wherever it was read
    Paths sorted = new Paths();
    sorted.putAll(new TreeMap<>(document.getPaths()));
    document.setPaths(sorted);
    document.setTags(
        document.getTags().stream().sorted(Comparator.comparing(Tag::getName)).toList());
    sorted.forEach(
        (path, item) ->
            item.readOperations()
                .forEach(operation -> refer(path, operation, document.getComponents())));
  }

  private static void refer(String path, Operation operation, Components components) {
    Map<String, String> ids = new TreeMap<>();
    for (Matcher one = OF_ONE.matcher(path); one.find(); ) {
      ids.put(one.group(2), idOf(one.group(1)));
    }
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : parameters(operation)) {
      if ("path".equals(parameter.getIn())) {
        parameters.add(parameter.schema(new Schema<>().$ref(ids.get(parameter.getName()))));
      } else if (isBare(parameter) && components.getParameters().containsKey(parameter.getName())) {
        parameters.add(new Parameter().$ref(parameter.getName()));
      } else {
        parameters.add(parameter);
      }
    }
    operation.setParameters(parameters.isEmpty() ? null : parameters);
  }

  /** Whether its handler says no more than its name. */
  private static boolean isBare(Parameter parameter) {
    return parameter.get$ref() == null && parameter.getDescription() == null;
  }

  private static String idOf(String collection) {
    String name =
        WORD.matcher(collection).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    return name.replaceFirst("ies$", "y").replaceFirst("s$", "") + "Id";
  }
}
