// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A result with all that belongs to it, as a table, as JSON and as a picture. */
record Report(String scenario, Machine machine, int payload, Bare bare, Scenario.Result result) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** Every figure over all runs, in the order of the contract. */
  Map<Figure, Spread> spreads() {
    var spreads = new EnumMap<Figure, Spread>(Figure.class);
    for (Figure figure : result.runs().getFirst().keySet()) {
      spreads.put(figure, Spread.of(result.runs().stream().map(run -> run.get(figure)).toList()));
    }
    return spreads;
  }

  String table() {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add(scenario + " on " + machine);
    lines.add("settings " + settings() + ", runs " + result.runs().size());
    lines.add(row("", "median", "min", "max", ""));
    spreads().forEach((figure, spread) -> lines.add(row(figure.label(), spread, figure.unit)));
    lines.add(row("bare client", bare.requestsPerSecond(), "1/s"));
    lines.add(row("bare client", bare.cpuMicrosPerRequest(), "µs CPU"));
    if (Double.isFinite(result.ratio())) {
      lines.add(row("ratio to the bare client", Figures.text(result.ratio()), "", "", ""));
    }
    return String.join("\n", lines);
  }

  private static String row(String name, Spread spread, String unit) {
    return row(
        name,
        Figures.text(spread.median()),
        Figures.text(spread.min()),
        Figures.text(spread.max()),
        unit);
  }

  private static String row(String name, String median, String min, String max, String unit) {
    return "  %-30s %12s %12s %12s %s".formatted(name, median, min, max, unit).stripTrailing();
  }

  /** As CONTRACT.md §6 has it. */
  String json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("scenario", scenario);
    json.put("machine", machine);
    json.put("settings", settings());
    json.put("runs", result.runs().stream().map(Report::labelled).toList());
    json.put("result", results());
    json.put("bare_client", bareClient());
    json.put("ratio", Double.isFinite(result.ratio()) ? result.ratio() : null);
    return JSON.writeValueAsString(json);
  }

  private Map<String, Object> settings() {
    var settings = new TreeMap<>(result.settings());
    settings.put("payload_bytes", payload);
    return settings;
  }

  private static Map<String, Double> labelled(Map<Figure, Double> run) {
    var labelled = new LinkedHashMap<String, Double>();
    run.forEach((figure, value) -> labelled.put(figure.label(), value));
    return labelled;
  }

  private Map<String, Object> results() {
    var results = new LinkedHashMap<String, Object>();
    spreads().forEach((figure, spread) -> results.put(figure.label(), json(spread, figure.unit)));
    return results;
  }

  private Map<String, Object> bareClient() {
    return Map.of(
        "requests_per_second", json(bare.requestsPerSecond(), "1/s"),
        "cpu_us_per_request", json(bare.cpuMicrosPerRequest(), "µs"),
        "concurrency", Bare.CONCURRENCY);
  }

  private static Map<String, Object> json(Spread spread, String unit) {
    var json = new LinkedHashMap<String, Object>();
    json.put("median", spread.median());
    json.put("min", spread.min());
    json.put("max", spread.max());
    json.put("unit", unit);
    return json;
  }

  /** Writes the JSON, and the picture beside it. */
  List<Path> write(Path file) {
    var picture =
        file.resolveSibling(file.getFileName().toString().replaceFirst("\\.json$", "") + ".svg");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, json() + "\n");
      Files.writeString(picture, result.picture().svg());
    } catch (IOException e) {
      throw new UncheckedIOException("the result cannot be written to " + file, e);
    }
    return List.of(file, picture);
  }
}
