// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.local.process.Part;
import dev.postrider.local.process.PidFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/compose.yaml} starts the same parts in the same order as {@code deploy/up}. */
class ComposeTest {

  private static final Path FILE = Path.of("../compose.yaml");

  /** Not in it: the one is yours, the other for trying. */
  private static final Set<String> ELSEWHERE = Set.of("issuer", "receiver");

  private final Map<String, Map<String, Object>> services = services();

  private static Map<String, Map<String, Object>> services() {
    try {
      Map<String, Map<String, Map<String, Object>>> file = new Yaml().load(Files.readString(FILE));
      return file.get("services");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void waitsForWhatEachPartNeeds(@TempDir Path directory) throws IOException {
    Home home = Home.of(Path.of("../..")).at(directory);
    List<Part> parts =
        new Parts(Settings.onFreePorts(home), new PidFile(home.pidFile()))
            .inOrder().stream().filter(part -> !ELSEWHERE.contains(part.name())).toList();

    assertThat(parts).extracting(ComposeTest::name).isSubsetOf(services.keySet());
    for (Part part : parts) {
      Set<String> needs = new HashSet<>(part.needs());
      needs.removeAll(ELSEWHERE);
      assertThat(waitsFor(name(part))).as(part.name()).isEqualTo(needs);
    }
  }

  private static String name(Part part) {
    return part.name().startsWith(Parts.WORKER) ? "delivery-worker" : part.name();
  }

  private Set<String> waitsFor(String service) {
    Object needs = services.get(service).getOrDefault("depends_on", Map.of());
    return ((Map<?, ?>) needs)
        .entrySet().stream()
            .filter(need -> need.getValue().equals(Map.of("condition", "service_healthy")))
            .map(need -> need.getKey().toString())
            .collect(Collectors.toSet());
  }

  @Test
  void knowsWhenThoseThatOthersWaitForAreHealthy() {
    assertThat(List.of("kafka", "postgres"))
        .allSatisfy(part -> assertThat(services.get(part)).containsKey("healthcheck"));
  }

  /** The image forgets its own settings, this one too, as soon as it is given any. */
  @Test
  void keepsKafkasDataInAVolume() {
    Map<String, Object> kafka = services.get("kafka");
    Object directory = ((Map<?, ?>) kafka.get("environment")).get("KAFKA_LOG_DIRS");

    assertThat(kafka.get("volumes")).isEqualTo(List.of("kafka:" + directory));
  }

  @Test
  void setsOnlyWhatThereIsToSet() throws IOException {
    String settings = Files.readString(Path.of("../../docs/configuration.md"));

    assertThat(List.of("config-api", "delivery-worker"))
        .flatExtracting(service -> ((Map<?, ?>) services.get(service).get("environment")).keySet())
        .allSatisfy(variable -> assertThat(settings).contains("`" + variable + "`"));
  }
}
