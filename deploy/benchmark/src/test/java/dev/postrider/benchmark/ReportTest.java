// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  private static final Report REPORT =
      new Report(
          "latency",
          new Machine("a processor", 2, 4096, "25", "Linux", 0.1),
          1024,
          new Bare(new Spread(40_000, 39_000, 41_000), new Spread(30, 29, 31)),
          new Scenario.Result(
              Map.of("rate", 500),
              List.of(Map.of(Figure.P50_MS, 4.0), Map.of(Figure.P50_MS, 2.0)),
              0.0125,
              new Picture.Bars("p50 <of> runs", Map.of("run 1", 4.0))));

  @Test
  void writesTheJsonOfTheContract() {
    JsonNode json = JsonMapper.shared().readTree(REPORT.json());

    assertThat(json.propertyNames())
        .containsExactly(
            "scenario", "machine", "settings", "runs", "result", "bare_client", "ratio");
    assertThat(json.at("/result/p50_ms/median").doubleValue()).isEqualTo(3);
    assertThat(json.at("/result/p50_ms/min").doubleValue()).isEqualTo(2);
    assertThat(json.at("/result/p50_ms/max").doubleValue()).isEqualTo(4);
    assertThat(json.at("/result/p50_ms/unit").stringValue()).isEqualTo("ms");
    assertThat(json.at("/runs/1/p50_ms").doubleValue()).isEqualTo(2);
    assertThat(json.at("/settings/rate").intValue()).isEqualTo(500);
    assertThat(json.at("/machine/memory_mib").intValue()).isEqualTo(4096);
    assertThat(json.at("/bare_client/requests_per_second/median").intValue()).isEqualTo(40_000);
    assertThat(json.at("/ratio").doubleValue()).isEqualTo(0.0125);
  }

  @Test
  void printsATableWithTheMachineAndTheSettings() {
    assertThat(REPORT.table())
        .contains("latency on a processor, 2 cores")
        .contains("rate=500")
        .containsPattern("p50_ms +3 +2 +4 ms")
        .containsPattern("ratio to the bare client +0\\.013");
  }

  @Test
  void putsThePictureBesideTheJson(@TempDir Path directory) throws IOException {
    var written = REPORT.write(directory.resolve("latency.json"));

    assertThat(written)
        .containsExactly(directory.resolve("latency.json"), directory.resolve("latency.svg"));
    assertThat(Files.readString(written.getLast()))
        .startsWith("<svg")
        .contains("p50 &lt;of&gt; runs");
  }
}
