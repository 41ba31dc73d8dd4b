// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static dev.postrider.local.journey.Probing.assertFailed;
import static dev.postrider.local.journey.Probing.assertTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.test.ScriptedServer;
import dev.postrider.test.StubNameServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What verify says of names that lead nowhere, or where nobody may go, by number: rows N20 and N22
 * of the table in docs/receivers.md.
 */
@ExtendWith({Fleet.Shared.class, Probing.Shared.class})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProbeNamesIT {

  private static final String NOT_FOUND = "the name in the URL does not exist or has no address";

  private final Probing probing;
  private final StubNameServer names;

  ProbeNamesIT(Probing probing, Fleet fleet) {
    this.probing = probing;
    this.names = fleet.names();
  }

  @Test
  @Order(1)
  void n20SaysThatANameDoesNotExist() {
    JsonNode destination = probing.create("https://nowhere.example.com/", "");

    assertThat(destination.get("status_reason").asString())
        .isEqualTo("the name nowhere.example.com does not resolve");
    assertFailed(probing.verify(destination), "dns_not_found", NOT_FOUND);
  }

  @Test
  @Order(1)
  void n20SendsAsSoonAsTheNameIsThereAgain() {
    try (ScriptedServer receiver =
        ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      names.answer("back.example.com", "127.0.0.1");
      JsonNode destination = probing.create("http://back.example.com:" + receiver.port(), "");
      names.answer("back.example.com");
      assertFailed(probing.verify(destination), "dns_not_found", NOT_FOUND);

      names.answer("back.example.com", "127.0.0.1");

      await()
          .atMost(Duration.ofSeconds(6))
          .untilAsserted(() -> assertTaken(probing.verify(destination)));
    }
  }

  @Test
  @Order(2)
  void n20SaysThatANameHasNoAddress() {
    names.answer("empty.example.com").aliases("a.example.com", "b.example.com");
    names.aliases("b.example.com", "a.example.com");

    assertFailed(probing.verify("https://empty.example.com/"), "dns_not_found", NOT_FOUND);
    assertFailed(probing.verify("https://a.example.com/"), "dns_not_found", NOT_FOUND);
  }

  @Test
  @Order(3)
  void n20SaysThatTheNameServersFail() {
    JsonNode destination = probing.create("https://hooks.broken.example/", "");
    names.servfail("hooks.broken.example");

    assertFailed(
        probing.verify(destination),
        "dns_failure",
        "the name servers of the URL's host answered that they cannot answer");
  }

  @Test
  @Order(4)
  void n20SaysThatTheNameServersAreSilent() {
    JsonNode destination = probing.create("https://hooks.silent.example/", "");
    names.silent("hooks.silent.example");

    assertFailed(
        probing.verify(destination),
        "dns_timeout",
        "the name servers of the URL's host do not answer");
  }

  /** Each worker judges by three names of its own; of seven, one of three workers has three. */
  @Test
  @Order(5)
  void n20SaysThatTheFaultIsOursWhenNobodyAnswersForAnyName() {
    List<JsonNode> destinations =
        IntStream.rangeClosed(1, 7)
            .mapToObj(number -> probing.create("https://hooks.dead" + number + ".example/", ""))
            .toList();
    IntStream.rangeClosed(1, 7)
        .forEach(number -> names.servfail("hooks.dead" + number + ".example"));

    assertThat(destinations.stream().map(probing::verify))
        .anySatisfy(
            said ->
                assertFailed(
                    said,
                    "resolver_down",
                    "the worker's own name server does not answer; tell the operator"));
  }

  /** At the time of its registration it leads elsewhere; nothing of where it leads is told. */
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "169.254.169.254", "100.100.100.200", "192.168.1.1"})
  @Order(0)
  void n22RefusesANameThatHasTurnedPrivate(String address) {
    String name = "rebound-" + address.replace('.', '-') + ".example.com";
    names.answer(name, "8.8.8.8");
    JsonNode destination = probing.create("https://" + name + "/", "");
    assertThat(destination.get("status_reason").isNull()).isTrue();
    names.answer(name, address);

    JsonNode said = probing.verify(destination);

    assertFailed(
        said, "private_address", "endpoint_url must not target a private or reserved address");
    assertThat(said.get("response_excerpt").isNull()).isTrue();
    assertThat(said.get("response_headers")).isEmpty();
    assertThat(said.toString()).doesNotContain(address);
  }
}
