// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What dashboards and alerts ask Prometheus for, and what a scrape offers. */
final class Expressions {

  private static final Path DEPLOY = Path.of("..");
  private static final Pattern SERIES =
      Pattern.compile("\\b((?:postrider|kafka|jvm|process)_[a-z_]+)(\\{[^}]*})?");
  private static final Pattern VALUE = Pattern.compile("\\b([a-z_]+)=\"([^\"]*)\"");

  private Expressions() {}

  /**
   * Of a series that somebody asks for: its name, and the labels that must have exactly that value.
   */
  record Wanted(String name, Set<String> labels) {}

  /** Every alert by its name. */
  static List<String> alerts() {
    return found(rules(), Pattern.compile("- alert: (\\w+)")).map(found -> found.group(1)).toList();
  }

  static String rules() {
    return text(DEPLOY.resolve("prometheus/rules.yml"));
  }

  static String runbooks() {
    return text(DEPLOY.resolve("../docs/runbooks.md"));
  }

  /** All that dashboards and rules ask for. */
  static Set<Wanted> wanted() {
    String dashboards =
        Stream.of("overview", "engine", "kafka-and-postgresql")
            .map(name -> text(DEPLOY.resolve("grafana/" + name + ".json")))
            .map(JsonMapper.shared()::readTree)
            .flatMap(Expressions::expressions)
            .collect(Collectors.joining("\n"));
    String rules = rules().replaceAll("(?m)^ *(summary|runbook_url|#).*$", "");
    return found(dashboards + "\n" + rules, SERIES)
        .map(found -> new Wanted(found.group(1), exact(found.group(2))))
        .collect(Collectors.toSet());
  }

  private static Stream<String> expressions(JsonNode dashboard) {
    return targets(dashboard).map(target -> target.get("expr").stringValue());
  }

  private static Stream<JsonNode> targets(JsonNode dashboard) {
    return dashboard
        .get("panels")
        .valueStream()
        .flatMap(panel -> panel.get("targets").valueStream());
  }

  /**
   * What the dashboard of one destination asks the REST API for.
   *
   * @param members that it shows, of the answer or of each of its items, in JSON Pointers
   */
  record Question(String path, String root, List<String> members) {}

  static List<Question> questions() {
    JsonNode dashboard =
        JsonMapper.shared().readTree(text(DEPLOY.resolve("grafana/destination.json")));
    return targets(dashboard)
        .map(
            target ->
                new Question(
                    target.get("url").stringValue().replace("/api/v1", ""),
                    target.get("root_selector").stringValue(),
                    target
                        .get("columns")
                        .valueStream()
                        .map(column -> "/" + column.get("selector").stringValue().replace('.', '/'))
                        .toList()))
        .toList();
  }

  private static Set<String> exact(String matchers) {
    if (matchers == null) {
      return Set.of();
    }
    Set<String> exact = new TreeSet<>();
    found(matchers, VALUE)
        .forEach(label -> exact.add(label.group(1) + "=\"" + label.group(2) + '"'));
    return exact;
  }

  /** Whether one of these lines, in Prometheus' text format, is of that series. */
  static boolean offered(Wanted wanted, String scrape) {
    return scrape
        .lines()
        .filter(
            line -> line.startsWith(wanted.name() + "{") || line.startsWith(wanted.name() + " "))
        .anyMatch(line -> wanted.labels().stream().allMatch(line::contains));
  }

  private static Stream<MatchResult> found(String text, Pattern pattern) {
    return pattern.matcher(text).results();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
