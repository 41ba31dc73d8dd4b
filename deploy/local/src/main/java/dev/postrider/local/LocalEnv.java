// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static java.util.stream.Collectors.joining;

import dev.postrider.local.Settings.Variable;
import dev.postrider.local.process.Running;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The addresses of a running stack, as CONTRACT.md §1 names them, in shell syntax. */
record LocalEnv(Map<String, String> variables) {

  static LocalEnv of(Settings settings, List<Running> running) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("POSTRIDER_API", settings.url(Variable.API));
    variables.put("POSTRIDER_API_MANAGEMENT", settings.url(Variable.API_MANAGEMENT));
    variables.put("POSTRIDER_WORKER_MANAGEMENT", workers(running));
    variables.put("POSTRIDER_ISSUER", settings.issuer());
    variables.put("POSTRIDER_KAFKA", settings.kafka());
    variables.put("POSTRIDER_POSTGRES", settings.postgres());
    variables.put("POSTRIDER_RECEIVER", settings.url(Variable.RECEIVER));
    variables.put("POSTRIDER_PIDS", pids(running));
    return new LocalEnv(variables);
  }

  List<String> lines() {
    return variables.entrySet().stream().map(LocalEnv::line).toList();
  }

  private static String line(Map.Entry<String, String> variable) {
    return "%s='%s'".formatted(variable.getKey(), variable.getValue().replace("'", "'\\''"));
  }

  private static String workers(List<Running> running) {
    return running.stream()
        .filter(part -> part.part().startsWith(Parts.WORKER))
        .sorted(Comparator.comparingInt(Running::port))
        .map(worker -> "http://127.0.0.1:" + worker.port())
        .collect(joining(","));
  }

  private static String pids(List<Running> running) {
    return running.stream()
        .sorted(Parts.ORDER)
        .map(part -> part.part() + "=" + part.pid())
        .collect(joining(","));
  }
}
