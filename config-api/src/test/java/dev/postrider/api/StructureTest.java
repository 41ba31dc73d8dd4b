// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

class StructureTest {

  @Test
  void packagesDependOnlyOnWhatTheyDeclare() {
    ApplicationModules.of(ConfigApi.class).verify();
  }

  /** What a tenant can aim goes through the guarded one of the model. */
  @Test
  void b12MakesNoHttpClientOfItsOwn() {
    noClasses()
        .should()
        .dependOnClassesThat(
            belongToAnyOf(
                HttpClient.class,
                reactor.netty.http.client.HttpClient.class,
                WebClient.class,
                RestClient.class))
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.postrider.api"));
  }
}
