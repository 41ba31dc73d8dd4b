// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.local.LocalStack;
import dev.postrider.local.process.FreePorts;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus of its own for a stack, with the rules and the configuration that are shipped. */
final class Prometheus implements AutoCloseable {

  private static final Path SHIPPED = Path.of("../prometheus");

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = FreePorts.any();
  private final Process process;

  Prometheus(LocalStack stack, Path directory) throws IOException {
    String configuration =
        Files.readString(SHIPPED.resolve("prometheus.yml"))
            .replace("\"127.0.0.1:8082\"", targets(stack, "POSTRIDER_WORKER_MANAGEMENT"))
            .replace("\"127.0.0.1:8081\"", targets(stack, "POSTRIDER_API_MANAGEMENT"));
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("prometheus.yml"), configuration);
    Files.copy(SHIPPED.resolve("rules.yml"), directory.resolve("rules.yml"));
    this.process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
  }

  private static String targets(LocalStack stack, String parts) {
    return Stream.of(stack.environment().get(parts).split(","))
        .map(address -> '"' + address.replace("http://", "") + '"')
        .collect(Collectors.joining(", "));
  }

  /** Whether a program of that name can be called. */
  static boolean isThere(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  boolean ready() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The names of the alerts that fire now. */
  Set<String> firing() throws IOException {
    JsonNode alerts = JsonMapper.shared().readTree(get("/api/v1/alerts").body());
    return alerts
        .at("/data/alerts")
        .valueStream()
        .filter(alert -> alert.get("state").stringValue().equals("firing"))
        .map(alert -> alert.at("/labels/alertname").stringValue())
        .collect(Collectors.toSet());
  }

  /** The largest of what an expression comes to now. */
  OptionalDouble largest(String expression) throws IOException {
    String query = "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8);
    List<JsonNode> series =
        JsonMapper.shared().readTree(get(query).body()).at("/data/result").valueStream().toList();
    return series.stream()
        .mapToDouble(one -> Double.parseDouble(one.get("value").get(1).stringValue()))
        .max();
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).build();
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    http.close();
  }
}
