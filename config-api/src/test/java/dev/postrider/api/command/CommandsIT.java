// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.ApiIT;
import dev.postrider.model.secret.Keyset;
import dev.postrider.test.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;

/** What an operator does from the command line, beside the service. */
class CommandsIT extends ApiIT {

  @Value("${postrider.keyset-file}")
  private Path keyset;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Test
  void b16VerifiesTheAuditTrailFromTheCommandLine(@TempDir Path directory) throws Exception {
    created("commanded/tenant_admin", destination("one"));
    created("commanded/tenant_admin", destination("two"));
    Path log = Files.writeString(directory.resolve("api.log"), "nothing of interest\n");

    assertThat(verify("--tenant=commanded", "--checkpoints=" + log)).isZero();
    assertThat(output.toString(UTF_8)).matches("commanded: 2 entries, head 2 [0-9a-f]{64}: OK\n");

    execute("update audit_entries set actor_id = 'x' where tenant = 'commanded' and sequence = 1");
    assertThat(verify("--tenant=commanded")).isEqualTo(1);
    assertThat(output.toString(UTF_8)).contains(": WRONG\n  1 (aud_", "edited");
    assertThat(verify("--tennant=commanded")).isEqualTo(2);
    assertThat(verify("--tenant=comanded")).isEqualTo(2);
    assertThat(verify("--checkpoints=" + directory.resolve("none.log"))).isEqualTo(2);
  }

  @Test
  void z15RotatesAKeyStepByStepAndNoneThatIsNeeded(@TempDir Path directory) throws Exception {
    Path file = Files.copy(keyset, directory.resolve("keyset.json"));
    String older = Keyset.in(file).keys().getFirst().id();
    String primary = Keyset.in(file).keys().getLast().id();
    created("rotated/tenant_admin", destination("sealed by the primary"));
    Object id = created("rotated/tenant_admin", destination("sealed before")).get("id");
    String sealed =
        Base64.getEncoder().encodeToString(HexFormat.of().parseHex("01" + older + "00"));
    execute("update destinations set signing_keys = array['" + sealed + "'] where " + is(id));

    assertThat(rotate(file, "status")).isZero();
    assertThat(output.toString(UTF_8))
        .contains(older + " enabled, 1 rows\n")
        .containsPattern(primary + " primary, [1-9]\\d* rows\n");
    assertThat(rotate(file, "disable", older)).isEqualTo(1);
    assertThat(output.toString(UTF_8)).contains("is needed: 1 rows are sealed with it");
    execute("delete from destinations where " + is(id));
    assertThat(rotate(file, "disable", older)).isZero();
    assertThat(rotate(file, "destroy", older)).isZero();
    assertThat(rotate(file, "add")).isZero();
    String added = output.toString(UTF_8).strip().lines().reduce((_, last) -> last).orElseThrow();
    assertThat(rotate(file, "promote", added)).isZero();
    assertThat(Keyset.in(file).keys())
        .containsExactly(
            new Keyset.SealingKey(primary, false, true), new Keyset.SealingKey(added, true, true));
    assertThat(rotate(file, "disable", primary)).isEqualTo(1);
    assertThat(rotate(file, "promote", "another")).isEqualTo(1);
    assertThat(rotate(file, "turn")).isEqualTo(2);
  }

  private static String is(Object id) {
    return "id = '" + id.toString().substring("dst_".length()) + "'";
  }

  private int verify(String... options) {
    return VerifyAudit.run(arguments(keyset, "verify-audit", options), out(), out());
  }

  private int rotate(Path file, String... words) {
    return RotateKeys.run(arguments(file, "rotate-keys", words), out(), out());
  }

  private PrintStream out() {
    return new PrintStream(output, true, UTF_8);
  }

  private static String[] arguments(Path keyset, String command, String... more) {
    TestPostgres postgres = TestPostgres.running();
    return Stream.concat(
            Stream.of(
                command,
                "--postrider.postgres=" + postgres.urlThrough(postgres.port()),
                "--postrider.keyset-file=" + keyset),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl())) {
      owner.createStatement().execute(sql);
    }
  }
}
