// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.api.contract.ApiDocument.Call;
import dev.postrider.api.contract.DescribedApiIT;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestCertificates;
import dev.postrider.test.TestKafka;
import dev.postrider.test.TestPostgres;
import dev.postrider.test.TopicContent;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Secrets that are given to the service by every way there is, and looked for everywhere. */
@ExtendWith(OutputCaptureExtension.class)
class SecrecyIT extends DescribedApiIT {

  private static final String ADMIN = "canaries/tenant_admin";
  private static final String CANARY = "canary-3f9c2a71b5d8";
  private static final String KEY =
      "whsec_"
          + Base64.getEncoder().encodeToString("canary-of-thirty-two-bytes-long!".getBytes(UTF_8));

  /** Settings that are stored. */
  private static final List<String> GOOD =
      List.of(
          "\"auth\": {\"type\": \"basic\", \"username\": \"u\", \"password\": \"CANARY\"}",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY\"}",
          "\"auth\": {\"type\": \"api_key\", \"header\": \"X-Key\", \"value\": \"CANARY\"}",
          "\"auth\": " + oauth("client_credentials", "\"CANARY\""),
          "\"auth\": " + oauth("authorization_code", "\"CANARY\""),
          "\"signing\": {\"scheme\": \"standard_webhooks\", \"secret\": \"" + KEY + "\"}",
          "\"signing\": {\"scheme\": \"github\", \"secret\": \"" + KEY + "\"}");

  /** Settings with a secret where it belongs, and something wrong with it or beside it. */
  private static final List<String> BAD =
      List.of(
          "\"auth\": {\"type\": \"basic\", \"username\": \"u\", \"password\": {\"x\": \"CANARY\"}}",
          "\"auth\": {\"type\": \"basic\", \"username\": \"u:\", \"password\": \"CANARY\"}",
          "\"auth\": {\"type\": \"basic\", \"username\": \"u\", \"password\": [\"CANARY\"]}",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY with a space\"}",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY\", \"username\": \"u\"}",
          "\"auth\": {\"type\": \"bearer\", \"tokn\": \"CANARY\"}",
          "\"auth\": {\"type\": \"bearer\", \"password\": \"CANARY\", \"token\": \"t\"}",
          "\"auth\": {\"type\": \"api_key\", \"header\": \"Host\", \"value\": \"CANARY\"}",
          "\"auth\": {\"type\": \"api_key\", \"header\": \"X-Key\", \"value\": \"CANARY\\n\"}",
          "\"auth\": {\"type\": \"mtls\", \"client_certificate\": \"x\", \"client_key\": \"CANARY\"}",
          "\"auth\": {\"type\": \"none\", \"client_key\": \"CANARY\"}",
          "\"auth\": " + oauth("implicit", "\"CANARY\""),
          "\"auth\": " + oauth("client_credentials", "{\"x\": \"CANARY\"}"),
          "\"auth\": \"CANARY\"",
          "\"auth\": [\"CANARY\"]",
          "\"signing\": \"CANARY\"",
          "\"signing\": {\"scheme\": \"standard_webhooks\", \"secret\": \"CANARY\"}",
          "\"signing\": {\"scheme\": \"standard_webhooks\", \"secret\": {\"x\": \"CANARY\"}}",
          "\"signing\": {\"scheme\": \"ed25519\", \"secret\": \"whsk_CANARY\"}",
          "\"signing\": {\"scheme\": \"standard_webhooks\", \"secrt\": \"CANARY\"}",
          "\"auth\": {\"type\": \"bearer\", \"token\": CANARY}",
          "\"auth\": {\"type\": \"bearer\", \"token\": 'CANARY'}",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY\"}} CANARY",
          "\"auth\": {\"type\": \"bearer\", \"token\": \"CANARY\", \"token\": \"CANARY\"}");

  @Value("${local.management.port}")
  private int management;

  private final List<String> answers = new ArrayList<>();

  @Test
  void p3ShowsTheSigningKeyOnceAndKeepsItInClearNowhere(CapturedOutput log) throws Exception {
    Map<String, Object> created = created(ADMIN, destination("secret"));
    String secret = ((Map<?, ?>) created.get("signing")).get("secret").toString();
    assertThat(secret).startsWith("whsec_");

    send(HttpMethod.GET, DESTINATIONS + "/" + created.get("id"), "");

    assertThat(answers.getFirst())
        .contains("\"secret_set\":true", secret.substring(secret.length() - 4));
    assertNowhere(log, secret);
  }

  @Test
  void z15KeepsWhatItIsGivenInClearNowhere(CapturedOutput log) throws Exception {
    String uri = DESTINATIONS + "/" + created(ADMIN, destination("canaries")).get("id");
    TestCertificates certificates = new TestCertificates();
    String key = certificates.keyPem("client");
    for (String settings : GOOD) {
      everyWay(uri, settings, 2);
      send(HttpMethod.POST, uri + "/oauth/authorize", "");
      send(HttpMethod.GET, uri, "");
    }
    List.of("/secret/rotate", "/secret/expire-previous", "/disable", "/enable")
        .forEach(call -> send(HttpMethod.POST, uri + call, "{}"));
    for (String settings : BAD) {
      everyWay(uri, settings, 4);
    }
    everyWay(uri, "\"auth\": " + certificate(certificates.pem("client", false), key), 2);
    send(HttpMethod.GET, DESTINATIONS, "");
    send(HttpMethod.GET, "/api/v1/audit?limit=250", "");
    send(HttpMethod.DELETE, uri, "");

    assertNowhere(log, CANARY, KEY, key.lines().skip(1).findFirst().orElseThrow());
  }

  @Test
  void z15RepeatsNoCredentialOfACaller(CapturedOutput log) throws Exception {
    for (String uri : List.of(DESTINATIONS, EVENTS, "/api/v1/audit", "/portal/oauth", "/nowhere")) {
      http.get()
          .uri(uri + "?code=" + CANARY + "&state=" + CANARY + "&access_token=" + CANARY)
          .headers(headers -> headers.setBearerAuth(CANARY))
          .cookie("postrider-session", CANARY)
          .exchange()
          .expectBody(String.class)
          .consumeWith(
              result -> answers.add(result.getResponseHeaders() + result.getResponseBody()));
    }
    assertNowhere(log, CANARY);
  }

  /** With every role that a key can have, and once mistyped. */
  @Test
  void p3RepeatsNoApiKeyOnAnyCall(CapturedOutput log) throws Exception {
    Map<String, Object> made =
        created(
            ADMIN,
            "/api/v1/api-keys",
            "{\"name\": \"all\", \"roles\": [\"tenant_admin\", \"operator\", \"publisher\"]}");
    String key = made.get("key").toString();
    String body = key.substring(0, key.length() - 1);
    for (Call call : document.calls()) {
      for (String shown : List.of(key, body + "-")) {
        Request request = known(call, "canaries").as(null);
        Answer answer = send(request.with("Authorization", "Bearer " + shown));
        answers.add(answer.status() + " " + call + answer.headers().map() + answer.body());
      }
    }
    assertThat(answers).anyMatch(answer -> answer.startsWith("202 POST /api/v1/events"));
    assertNowhere(log, body);
  }

  private static String oauth(String grant, String secret) {
    String consent =
        grant.equals("client_credentials")
            ? ""
            : ", \"authorize_url\": \"http://127.0.0.1:8085/authorize\"";
    return "{\"type\": \"oauth2\", \"grant_type\": \"%s\", \"client_id\": \"c\", \"client_secret\": %s,"
            .formatted(grant, secret)
        + " \"token_url\": \"http://127.0.0.1:8085/token\"%s}".formatted(consent);
  }

  private static String certificate(String certificate, String key) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("type", "mtls")
        .put("client_certificate", certificate)
        .put("client_key", key)
        .toString();
  }

  /** As a new destination, in place of another, as a change of it, as a preview. */
  private void everyWay(String uri, String settings, int statusClass) {
    String change = "{" + settings.replace("CANARY", CANARY) + "}";
    String whole = destination("c").strip().replaceFirst("}$", ", ") + change.substring(1);
    int from = answers.size();
    send(HttpMethod.POST, DESTINATIONS, whole);
    if (statusClass == 2) {
      send(HttpMethod.PUT, uri, whole);
    }
    send(HttpMethod.PATCH, uri, change);
    assertThat(answers.subList(from, answers.size()))
        .as(settings)
        .allMatch(answer -> answer.startsWith(statusClass + ""));
    send(HttpMethod.POST, DESTINATIONS + "/preview", whole);
  }

  private void send(HttpMethod method, String uri, String body) {
    as(ADMIN, method, uri)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(body)
        .exchange()
        .expectBody(String.class)
        .consumeWith(
            result ->
                answers.add(
                    result.getStatus().value()
                        + " "
                        + method
                        + " "
                        + uri
                        + result.getResponseHeaders()
                        + result.getResponseBody()));
  }

  private void assertNowhere(CapturedOutput log, String... secrets) throws Exception {
    assertThat(answers).as("answers").noneMatch(answer -> any(secrets, answer));
    assertThat(tablesWith(secrets)).as("tables").isEmpty();
    assertThat(topicsWith(secrets)).as("topics").isEmpty();
    assertThat(log.getAll()).as("log").doesNotContain(secrets);
    for (String page :
        List.of("http://127.0.0.1:" + management + "/actuator/prometheus", "/api/openapi.json")) {
      http.get()
          .uri(page)
          .exchange()
          .expectBody(String.class)
          .value(text -> assertThat(text).as(page).doesNotContain(secrets));
    }
  }

  private static boolean any(String[] secrets, String text) {
    return Stream.of(secrets).anyMatch(text::contains);
  }

  /** All tables that there are, whoever has added them. */
  private static List<String> tablesWith(String... secrets) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection owner = DriverManager.getConnection(TestPostgres.running().jdbcUrl());
        Statement statement = owner.createStatement()) {
      List<String> tables = new ArrayList<>();
      ResultSet names =
          statement.executeQuery("select tablename from pg_tables where schemaname = 'public'");
      while (names.next()) {
        tables.add(names.getString(1));
      }
      assertThat(tables).contains("destinations", "audit_entries", "outbox", "attempts");
      for (String table : tables) {
        ResultSet rows =
            statement.executeQuery(
                "select row_to_json(t)::text from %s t where t::text ~ '%s'"
                    .formatted(table, pattern(secrets)));
        while (rows.next()) {
          found.add(table + ": " + rows.getString(1));
        }
      }
    }
    return found;
  }

  /** Base64 has a plus. */
  private static String pattern(String... secrets) {
    return String.join("|", secrets).replace("+", "[+]");
  }

  private static List<String> topicsWith(String... secrets) throws Exception {
    Set<String> topics;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
      topics = admin.listTopics().names().get();
    }
    assertThat(topics).contains(Topics.DESTINATIONS, Topics.PROBES, Topics.EVENTS);
    return topics.stream()
        .flatMap(topic -> TopicContent.of(topic).stream())
        .map(record -> record.topic() + ": " + text(record))
        .filter(text -> any(secrets, text))
        .toList();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    text.append(text(record.key())).append(text(record.value()));
    record.headers().forEach(header -> text.append(header.key()).append(text(header.value())));
    return text.toString();
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, ISO_8859_1);
  }
}
