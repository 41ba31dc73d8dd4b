// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** The house as ARCHITECTURE draws it. */
class StructureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.postrider.worker");

  @Test
  void keepsToTheDeclaredModuleGraph() {
    ApplicationModules modules = ApplicationModules.of(DeliveryWorker.class);

    modules.verify();
    new Documenter(modules).writeModulesAsPlantUml();
  }

  @Test
  void b12MakesNoHttpClientOfItsOwn() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("reactor.netty.http.client.HttpClient")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.http.HttpClient")
        .check(MAIN);
  }

  @Test
  void takesTimeAsAParameter() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(MAIN);
    noClasses()
        .that()
        .doNotHaveSimpleName("Wiring")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .check(MAIN);
  }

  @Test
  void isMadeOfClassesThatAreClosed() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotAnnotatedWith(ConfigurationProperties.class)
        .and()
        .doNotHaveSimpleName("DeliveryWorker")
        .and()
        .doNotHaveSimpleName("Wiring")
        .and()
        .doNotHaveSimpleName("package-info")
        .and(DescribedPredicate.describe("are not sealed", one -> !one.reflect().isSealed()))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(MAIN);
  }
}
