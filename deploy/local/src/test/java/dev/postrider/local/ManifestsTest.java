// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests in {@code deploy/kubernetes} are what Kubernetes' own schema allows. */
class ManifestsTest {

  private static final Path DIRECTORY = Path.of("../kubernetes");

  /** One object of a file. */
  record Manifest(Path file, JsonObject object) {
    String kind() {
      return object.get("kind").getAsString();
    }

    @Override
    public String toString() {
      String name = object.getAsJsonObject("metadata").get("name").getAsString();
      return file.getFileName() + ": " + kind() + " " + name;
    }
  }

  /** Throws {@link IllegalArgumentException} for what is unknown, missing or of another type. */
  private interface Schema {
    void validate(JsonObject object) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::validateJsonElement,
          "v1 Namespace", V1Namespace::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  private static Stream<Manifest> manifests() throws IOException {
    return resources().stream()
        .map(name -> DIRECTORY.resolve(name.toString()))
        .flatMap(ManifestsTest::in);
  }

  private static List<?> resources() throws IOException {
    Map<String, List<?>> kustomization =
        new Yaml().load(Files.readString(DIRECTORY.resolve("kustomization.yaml")));
    return kustomization.get("resources");
  }

  private static Stream<Manifest> in(Path file) {
    try {
      Iterable<Object> objects = new Yaml().loadAll(Files.readString(file));
      return StreamSupport.stream(objects.spliterator(), false)
          .map(object -> new Gson().toJsonTree(object).getAsJsonObject())
          .map(object -> new Manifest(file, object))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void areAsTheirSchemaSays(Manifest manifest) throws IOException {
    String version = manifest.object().get("apiVersion").getAsString();
    Schema schema = SCHEMAS.get(version + " " + manifest.kind());

    assertThat(schema).as("schema of %s", manifest).isNotNull();
    schema.validate(manifest.object());
  }

  @Test
  void areJudgedToTheLastMember() throws IOException {
    JsonObject deployment =
        manifests()
            .filter(one -> one.kind().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .object();
    deployment
        .getAsJsonObject("spec")
        .getAsJsonObject("template")
        .getAsJsonObject("spec")
        .getAsJsonArray("containers")
        .get(0)
        .getAsJsonObject()
        .addProperty("imagePullPolizy", "Always");

    assertThatThrownBy(() -> V1Deployment.validateJsonElement(deployment))
        .hasMessageContaining("imagePullPolizy");
  }

  @Test
  void areAllNamedInTheKustomization() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      resources().stream().map(Object::toString),
                      Stream.of("kustomization.yaml", "README.md"))
                  .toList());
    }
  }

  @Test
  void setOnlyWhatThereIsToSet() throws IOException {
    String settings = Files.readString(Path.of("../../docs/configuration.md"));
    String set = Files.readString(DIRECTORY.resolve("kustomization.yaml"));

    assertThat(Pattern.compile("- ([A-Z_]+)=").matcher(set).results())
        .extracting(MatchResult::group)
        .isNotEmpty()
        .map(literal -> literal.replaceAll("[- =]", ""))
        .allSatisfy(variable -> assertThat(settings).contains("`" + variable + "`"));
  }
}
