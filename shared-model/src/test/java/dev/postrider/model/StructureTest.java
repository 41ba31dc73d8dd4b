// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model stays lean: each foreign library has one room, and no room goes in a circle. */
class StructureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.postrider.model");

  @ParameterizedTest
  @CsvSource({
    "org.apache.kafka.., ..wire..",
    "tools.jackson.., ..wire..",
    "com.fasterxml.jackson.., ..wire..",
    "io.netty.., ..egress..",
    "reactor.., ..egress..",
    "inet.ipaddr.., ..egress..",
    "com.google.crypto.tink.., ..secret..",
    "com.hubspot.., ..template..",
    "jinjava.., ..template..",
    "com.google.common.., ..template..",
    "io.micrometer.., ..trace..",
    "org.springframework.., nowhere"
  })
  void keepsEachLibraryInItsRoom(String library, String room) {
    noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .check(MAIN);
  }

  @Test
  void hasNoCircles() {
    slices().matching("dev.postrider.model.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void takesTimeAsAParameter() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(MAIN);
  }

  @Test
  void trustsNoCertificateBlindly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveSimpleNameContaining("InsecureTrustManager")
        .check(MAIN);
  }
}
