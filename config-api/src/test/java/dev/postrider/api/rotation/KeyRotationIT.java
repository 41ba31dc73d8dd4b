// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.api.ApiIT;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.secret.Keyset;
import dev.postrider.model.secret.SealBrokenException;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpMethod;

/** What an older key has sealed is sealed anew, whatever happens meanwhile. */
class KeyRotationIT extends ApiIT {

  private static final TenantId TENANT = new TenantId("turning");
  private static final String ADMIN = TENANT.value() + "/tenant_admin";

  /** Everything that is sealed of a destination: column, place, how to write another. */
  private record Cell(String table, String column, SecretPlace place, String select, String set) {}

  @Autowired private Resealing resealing;
  @Autowired private KeyUse use;
  @Autowired private SecretBox box;

  @Value("${postrider.keyset-file}")
  private Path keyset;

  private String older;
  private final List<DestinationId> destinations = new ArrayList<>();

  /** Four that were sealed before the key was promoted; each has a secret of every kind. */
  @BeforeEach
  void sealedByTheOlderKey(@TempDir Path directory) throws Exception {
    older = Keyset.in(keyset).keys().getFirst().id();
    Path before = Files.copy(keyset, directory.resolve("before.json"));
    Keyset.in(before).promote(older);
    SecretBox was = SecretBox.open(before);
    for (int i = 0; i < 4; i++) {
      DestinationId id =
          DestinationId.parse(created(ADMIN, oauth("turning-" + i)).get("id").toString());
      destinations.add(id);
      for (Cell cell : cells(id)) {
        write(cell, id, was.seal(Secret.of("canary of " + cell.place()), cell.place()));
      }
    }
  }

  @AfterEach
  void leaveNothing() {
    destinations.forEach(
        id ->
            as(ADMIN, HttpMethod.DELETE, DESTINATIONS + "/" + id)
                .exchange()
                .returnResult(Void.class));
  }

  @Test
  void z15RotationStoppedHalfWayGoesOnAndEverythingOpensAllTheWhile() throws SQLException {
    assertThat(sealedBy(older)).isEqualTo(4);
    assertEverythingOpens();

    resealing.pass().take(2).blockLast();

    assertThat(sealedBy(older)).isBetween(1L, 2L);
    assertEverythingOpens();

    resealing.run().block();

    assertThat(sealedBy(older)).isZero();
    assertEverythingOpens();
    assertThat(use.rows().block()).doesNotContainKey(older);
    assertThat(resealing.pass().collectList().block()).isEmpty();
    String outdated = prefix();
    assertThat(snapshots())
        .hasSize(4)
        .allSatisfy((_, json) -> assertThat(json).doesNotContain(outdated));
  }

  @Test
  void z15RotationLeavesTheDestinationAsItIs() {
    String uri = DESTINATIONS + "/" + destinations.getFirst();
    Object before = shown(uri);

    resealing.run().block();

    assertThat(shown(uri)).isEqualTo(before);
  }

  @Test
  void z15RotationPassesOverWhatDoesNotOpen() throws SQLException {
    DestinationId moved = destinations.get(1);
    Cell cell = cells(moved).getFirst();
    write(cell, moved, read(cells(destinations.getFirst()).getFirst(), destinations.getFirst()));

    resealing.run().block();

    assertThat(sealedBy(older)).isEqualTo(1);
    write(cell, moved, box.seal(Secret.of("canary of " + cell.place()), cell.place()));
    resealing.run().block();
    assertThat(sealedBy(older)).isZero();
  }

  @Test
  void z15ASealThatWasMovedDoesNotOpen() throws SQLException {
    DestinationId here = destinations.get(0);
    List<Cell> cells = cells(here);
    Sealed another = read(cells.get(0), destinations.get(1));
    Sealed ofAnotherTenant =
        box.seal(Secret.of("canary"), Signing.placeOf(new TenantId("thief"), here));

    for (Cell cell : cells) {
      Sealed own = read(cell, here);
      for (Sealed moved : List.of(another, ofAnotherTenant, read(neighbour(cells, cell), here))) {
        write(cell, here, moved);
        assertThatExceptionOfType(SealBrokenException.class)
            .isThrownBy(() -> box.open(read(cell, here), cell.place()))
            .withMessageNotContaining("canary");
      }
      write(cell, here, own);
    }
  }

  private static Cell neighbour(List<Cell> cells, Cell cell) {
    return cells.get((cells.indexOf(cell) + 1) % cells.size());
  }

  private Object shown(String uri) {
    var answer = as(ADMIN, HttpMethod.GET, uri).exchange().expectBody(String.class).returnResult();
    return answer.getResponseHeaders().getETag() + answer.getResponseBody();
  }

  private void assertEverythingOpens() throws SQLException {
    for (DestinationId id : destinations) {
      for (Cell cell : cells(id)) {
        assertThat(box.open(read(cell, id), cell.place()).revealText())
            .isEqualTo("canary of " + cell.place());
      }
    }
  }

  private long sealedBy(String key) throws SQLException {
    return Long.parseLong(
        text(
            "select count(*) from destinations d left join oauth_grants g"
                + " on g.destination_id = d.id where d.tenant = 'turning'"
                + " and '"
                + key
                + "' = any(d.sealing_keys || g.sealing_keys)"));
  }

  /** Of the last record of each destination. */
  private Map<String, String> snapshots() {
    Map<String, String> last = new LinkedHashMap<>();
    TopicContent.of(Topics.DESTINATIONS).stream()
        .filter(record -> destinations.toString().contains(new String(record.key(), UTF_8)))
        .forEach(
            record -> last.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8)));
    return last;
  }

  /** How base64 begins of all that the older key has sealed. */
  private String prefix() {
    byte[] bytes = HexFormat.of().parseHex("01" + older + "00");
    return Base64.getEncoder().encodeToString(bytes).substring(0, 6);
  }

  private static String oauth(String name) {
    return """
    {"name": "%s", "endpoint_url": "http://127.0.0.1:8085/hook", "enabled": false,
     "auth": {"type": "oauth2", "grant_type": "authorization_code", "client_id": "c",
       "client_secret": "s3cret", "token_url": "http://127.0.0.1:8085/token",
       "authorize_url": "http://127.0.0.1:8085/authorize"}}
    """
        .formatted(name);
  }

  private static List<Cell> cells(DestinationId id) {
    return List.of(
        new Cell(
            "destinations",
            "id",
            Signing.placeOf(TENANT, id),
            "signing_keys[1]",
            "signing_keys = array[?]"),
        new Cell(
            "destinations",
            "id",
            Authentication.placeOf(TENANT, id, "client_secret"),
            "credentials #>> '{client_secret,sealed}'",
            "credentials = jsonb_set(credentials, '{client_secret,sealed}', to_jsonb(?::text))"),
        grant("access_token", Authentication.placeOf(TENANT, id, "access_token")),
        grant("refresh_token", grantPlace(id, "refresh_token")),
        grant("client_key", grantPlace(id, "client_key")));
  }

  private static Cell grant(String column, SecretPlace place) {
    return new Cell("oauth_grants", "destination_id", place, column, column + " = ?");
  }

  private static SecretPlace grantPlace(DestinationId id, String column) {
    return new SecretPlace("oauth_grants", TENANT.value(), id.toString(), column);
  }

  private static Sealed read(Cell cell, DestinationId id) throws SQLException {
    return new Sealed(
        text(
            "select %s from %s where %s = '%s'"
                .formatted(cell.select(), cell.table(), cell.column(), id.uuid())));
  }

  private static void write(Cell cell, DestinationId id, Sealed sealed) throws SQLException {
    try (Connection owner = owner();
        PreparedStatement update =
            owner.prepareStatement(
                "update %s set %s where %s = '%s'"
                    .formatted(cell.table(), cell.set(), cell.column(), id.uuid()))) {
      update.setString(1, sealed.base64());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  private static String text(String sql) throws SQLException {
    try (Connection owner = owner();
        ResultSet rows = owner.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection owner() throws SQLException {
    return DriverManager.getConnection(TestPostgres.running().jdbcUrl());
  }
}
