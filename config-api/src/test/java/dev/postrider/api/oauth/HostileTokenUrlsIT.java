// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.api.destination.GrantedDestinations;
import dev.postrider.api.grant.ClientKeys;
import dev.postrider.api.grant.Renewals;
import dev.postrider.api.grant.Renewals.Due;
import dev.postrider.api.outbox.Outbox;
import dev.postrider.api.tenant.TenantTransactions;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.TestClients;
import dev.postrider.test.StubNameServer;
import dev.postrider.test.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Token URLs as if each had come past the API into the database; at the API it is HostileUrlsIT.
 */
class HostileTokenUrlsIT extends OAuthIT {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  @Autowired private TenantTransactions transactions;
  @Autowired private GrantedDestinations destinations;
  @Autowired private Renewals renewals;
  @Autowired private TokenSeal seal;
  @Autowired private Outbox outbox;
  @Autowired private ClientKeys keys;
  @Autowired private MeterRegistry meters;
  @Autowired private Clock clock;
  @Autowired private SecureRandom random;

  /** The whole table at once, each line in a destination of its own that is due. */
  @Test
  void p8RenewsNothingWhereTheApiWouldHaveRefused() throws SQLException, IOException {
    Map<String, String> refusals = refusals();
    String good = granted();
    issuer.asked.clear();
    try {
      slipIn(good, refusals.keySet());

      await()
          .atMost(LONG_ENOUGH.multipliedBy(3))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> reasons().size() == refusals.size());

      assertThat(reasons()).isEqualTo(refusals);
      assertThat(issuer.asked).isEmpty();
    } finally {
      sql("delete from destinations where settings ->> 'name' = 'slipped in'");
    }
  }

  /** By URL what is said of it. */
  private static Map<String, String> refusals() throws IOException {
    Map<String, String> refusals = new TreeMap<>();
    for (String table : List.of("private-urls.csv", "refused-urls.csv")) {
      for (String line : lines("/dev/postrider/model/egress/" + table)) {
        String[] cells = line.replace("\"", "").split("\t");
        String rule = cells.length > 1 ? cells[1] : "not target a private or reserved address";
        refusals.put(cells[0], "auth.token_url must " + rule);
      }
    }
    assertThat(refusals).hasSizeGreaterThan(200);
    return refusals;
  }

  private static List<String> lines(String resource) throws IOException {
    try (var in = HostileTokenUrlsIT.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private static void slipIn(String like, Set<String> tokenUrls) throws SQLException {
    String insert =
        """
        with slipped as (
          insert into destinations (%1$s)
          select %2$s from destinations, unnest(?) as url,
            jsonb_populate_record(destinations, jsonb_build_object(
              'id', gen_random_uuid(),
              'settings', jsonb_set(settings || '{"name": "slipped in"}', '{auth,token_url}',
                to_jsonb(url)))) as one
          where destinations.id = ?
          returning id)
        insert into oauth_grants (%3$s)
        select %4$s from oauth_grants, slipped,
          jsonb_populate_record(oauth_grants, jsonb_build_object(
            'destination_id', slipped.id, 'refresh_at', now())) as one
        where oauth_grants.destination_id = ?
        """;
    String ours = columns("destinations");
    String granted = columns("oauth_grants");
    String copy = insert.formatted(ours, ofOne(ours), granted, ofOne(granted));
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.prepareStatement(copy)) {
      UUID id = DestinationId.parse(like).uuid();
      statement.setArray(1, connection.createArrayOf("text", tokenUrls.toArray()));
      statement.setObject(2, id);
      statement.setObject(3, id);
      assertThat(statement.executeUpdate()).isEqualTo(tokenUrls.size());
    }
  }

  /** But for those that PostgreSQL fills in. */
  private static String columns(String table) throws SQLException {
    String query =
        """
        select string_agg(column_name, ', ') from information_schema.columns
        where table_name = '%s' and is_generated = 'NEVER'
        """;
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query.formatted(table))) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static String ofOne(String columns) {
    return "one." + columns.replace(", ", ", one.");
  }

  /** Of those that were slipped in and refused. */
  private static Map<String, String> reasons() throws SQLException {
    String query =
        """
        select settings #>> '{auth,token_url}', oauth_grants.status_reason
        from destinations join oauth_grants on destination_id = destinations.id
        where settings ->> 'name' = 'slipped in' and oauth_grants.status = 'error'
        """;
    Map<String, String> reasons = new TreeMap<>();
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var run = connection.createStatement();
        var rows = run.executeQuery(query)) {
      while (rows.next()) {
        reasons.put(rows.getString(1), rows.getString(2));
      }
    }
    return reasons;
  }

  @Test
  void p8TakesNoCodeToWhereItMustNotGo() throws SQLException {
    String id = create(withCode(""));
    Map<String, String> asked = begin(id);
    change(id, "http://127.0.0.1:" + port + "/token");

    comeBack("?state=" + asked.get("state") + "&code=" + issuer.agree(asked)).expectStatus().isOk();

    assertThat(auth(id))
        .containsEntry("status", "error")
        .containsEntry(
            "status_reason", "auth.token_url must not target a private or reserved address");
  }

  /** Admitted when it did not resolve, or led elsewhere; by now it leads here. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.0.0.5", "169.254.169.254", "100.64.0.1"})
  void b12AsksNoNameThatHasTurnedPrivate(String address) throws SQLException, IOException {
    String id = granted();
    change(id, "https://rebound.example/token");
    AddressRules rules = AddressRules.allowing("");
    try (StubNameServer names = new StubNameServer().answer("rebound.example", address);
        GuardedHttpClient client = TestClients.resolvingBy(names.address(), rules)) {
      var endpoint = new TokenEndpoint(client, rules, box, keys, clock);

      assertThat(through(endpoint).refresh(due(id)).block(LONG_ENOUGH))
          .isEqualTo(Refresher.Result.FAILED);

      assertThat(names.questionsFor("rebound.example")).isPositive();
    }
    assertThat(reason(id))
        .isEqualTo("not renewed: auth.token_url must not target a private or reserved address");
    assertThat(status(id)).isEqualTo("authorized");
  }

  /** With a token, and nobody about to renew it. */
  private String granted() throws SQLException {
    String id = create(withCredentials(""));
    awaitStatus(id, "authorized");
    sqlOn(id, "refresh_at = null");
    return id;
  }

  private Refresher through(TokenEndpoint endpoint) {
    return new Refresher(
        transactions, destinations, renewals, endpoint, seal, box, outbox, meters, clock, random);
  }

  private static Due due(String id) throws SQLException {
    return new Due(TENANT, DestinationId.parse(id), query(id, "version"));
  }

  private static String reason(String id) throws SQLException {
    return text(
        "select status_reason from oauth_grants where destination_id = '%s'"
            .formatted(DestinationId.parse(id).uuid()));
  }

  private static void change(String id, String tokenUrl) throws SQLException {
    String update =
        """
        update destinations set settings = jsonb_set(settings, '{auth,token_url}', to_jsonb(?::text))
        where id = ?
        """;
    try (var connection = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        var statement = connection.prepareStatement(update)) {
      statement.setString(1, tokenUrl);
      statement.setObject(2, DestinationId.parse(id).uuid());
      assertThat(statement.executeUpdate()).isOne();
    }
  }
}
