// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/configuration.md} is what the code says: descriptions are the Javadoc of the
 * settings, defaults are theirs or those of {@code application.yaml}.
 */
class ConfigurationReferenceTest {

  private static final Path CHECKOUT = Path.of("../..");
  private static final Path PAGE = CHECKOUT.resolve("docs/configuration.md");
  private static final String BEGIN = "<!-- From here on made from the code. -->\n";
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?m)^ *([a-z.-]+): \\$\\{(POSTRIDER_\\w+):([^}]*)}(?: # (.*))?$");

  /** One setting; the default as text, empty for none. */
  private record Setting(String description, String usual) {
    String row(String variable) {
      String shown = usual.isEmpty() ? "none" : "`" + usual + "`";
      return "| `%s` | %s | %s |\n".formatted(variable, description, shown);
    }
  }

  @Test
  void namesEverySettingAsTheCodeHasIt() throws IOException {
    String page = Files.readString(PAGE);
    String written = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
    String wanted = written + section("config-api") + section("delivery-worker");
    Path fresh = Path.of("target/configuration.md");
    Files.writeString(fresh, wanted);

    assertThat(page).as("%s; its new text is in deploy/local/%s", PAGE, fresh).isEqualTo(wanted);
  }

  private static String section(String service) {
    return settings(CHECKOUT.resolve(service)).entrySet().stream()
        .map(setting -> setting.getValue().row(setting.getKey()))
        .collect(
            Collectors.joining(
                "",
                "\n## %s\n\n| variable | is | unless set |\n|---|---|---|\n".formatted(service),
                ""));
  }

  private static Map<String, Setting> settings(Path module) {
    String yaml = text(module.resolve("src/main/resources/application.yaml"));
    JsonNode described =
        JsonMapper.shared()
            .readTree(
                text(module.resolve("target/classes/META-INF/spring-configuration-metadata.json")));
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    for (JsonNode property : described.get("properties")) {
      properties.putIfAbsent(property.get("name").asString().replace("postrider.", ""), property);
    }
    Map<String, Setting> settings = new TreeMap<>();
    for (MatchResult set : PLACEHOLDER.matcher(yaml).results().toList()) {
      JsonNode property = properties.remove(set.group(1));
      String description = property == null ? set.group(4) : description(property);
      settings.put(set.group(2), new Setting(description, set.group(3)));
    }
    properties.forEach(
        (name, property) ->
            settings.put(variable(name), new Setting(description(property), usual(property))));
    return settings;
  }

  /** As Spring binds it. */
  private static String variable(String property) {
    return "POSTRIDER_" + property.replace("-", "").replace(".", "_").toUpperCase(Locale.ROOT);
  }

  private static String description(JsonNode property) {
    return property
        .get("description")
        .asString()
        .replaceAll("\\{@code ([^}]*)}", "`$1`")
        .replace("|", "\\|");
  }

  private static String usual(JsonNode property) {
    return property.path("defaultValue").asString("").replaceAll("[\\[\\] ]", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
