// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.local.Settings.Variable;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static final Settings USUAL = settings(Map.of());

  @Test
  void usesThePortsOfTheContract() {
    assertThat(Stream.of(Variable.values()).map(USUAL::port))
        .containsExactly(8080, 8081, 8082, 8085, 9000, 19092, 15432);
  }

  @Test
  void movesPortsByVariable() {
    assertThat(USUAL.with("POSTRIDER_WORKER_MANAGEMENT_PORT", "9").port(Variable.WORKER_MANAGEMENT))
        .isEqualTo(9);
  }

  @Test
  void namesVariableAndRuleOfAPortThatIsNone() {
    assertThatThrownBy(() -> USUAL.with("POSTRIDER_API_PORT", "80a").port(Variable.API))
        .hasMessage("POSTRIDER_API_PORT must be a number from 1 to 65535: was '80a'");
  }

  @Test
  void startsOneWorkerUnlessTold() {
    assertThat(USUAL.workers()).isEqualTo(1);
    assertThat(USUAL.with("POSTRIDER_WORKERS", "3").workers()).isEqualTo(3);
  }

  @Test
  void takesWhatIsSuppliedFromOutside() {
    var supplied = USUAL.with("POSTRIDER_KAFKA", "broker:9092");
    assertThat(supplied.suppliedKafka()).contains("broker:9092");
    assertThat(supplied.kafka()).isEqualTo("broker:9092");
    assertThat(supplied.suppliedPostgres()).isEmpty();
  }

  @Test
  void takesItsOwnAddressesForItsOwn() {
    var sourced =
        USUAL.with("POSTRIDER_KAFKA", USUAL.kafka()).with("POSTRIDER_POSTGRES", USUAL.postgres());
    assertThat(sourced.suppliedKafka()).isEmpty();
    assertThat(sourced.suppliedPostgres()).isEmpty();
  }

  @Test
  void allowsTheReceiverAndWhatTheCallerAdds() {
    assertThat(USUAL.egressAllow()).isEqualTo("127.0.0.1/32:8085");
    assertThat(USUAL.with("POSTRIDER_EGRESS_ALLOW", "10.0.0.0/8").egressAllow())
        .isEqualTo("127.0.0.1/32:8085,10.0.0.0/8");
  }

  @Test
  void leavesOutAllWorkersByOneName() {
    var without = USUAL.without("config-api", "worker");
    assertThat(without.leavesOut("worker-2")).isTrue();
    assertThat(without.leavesOut("config-api")).isTrue();
    assertThat(without.leavesOut("kafka")).isFalse();
  }

  @Test
  void splitsJavaOptionsAtBlanks() {
    var options = USUAL.with("POSTRIDER_WORKER_JAVA_OPTS", " -Xmx1g  -Da=b ");
    assertThat(options.javaOptions("POSTRIDER_WORKER_JAVA_OPTS"))
        .containsExactly("-Xmx1g", "-Da=b");
    assertThat(USUAL.javaOptions("POSTRIDER_WORKER_JAVA_OPTS")).isEmpty();
  }

  private static Settings settings(Map<String, String> environment) {
    return Settings.of(Home.of(Path.of("/checkout")), environment);
  }
}
