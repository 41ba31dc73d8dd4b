// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import com.standardwebhooks.Webhook;
import dev.postrider.local.Settings.Variable;
import dev.postrider.local.process.Running;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One stack of real servers, used by all tests; the last ones kill a part and stop everything. */
@TestMethodOrder(OrderAnnotation.class)
class LocalStackIT {

  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final TopicPartition GREETINGS = new TopicPartition("greetings", 0);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path directory;

  private static Settings settings;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws InterruptedException {
    var home = Home.of(Path.of("../..")).at(directory);
    settings = Settings.onFreePorts(home).without("config-api", "worker");
    stack = LocalStack.start(settings);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  @Order(1)
  void writesAddressesAndPidsForTheShell() throws IOException {
    assertThat(Files.readAllLines(settings.home().localEnv()))
        .contains("POSTRIDER_KAFKA='127.0.0.1:%d'".formatted(settings.port(Variable.KAFKA)))
        .anyMatch(line -> line.matches("POSTRIDER_PIDS='kafka=\\d+,postgres=\\d+,issuer=.*'"));
  }

  @Test
  @Order(1)
  void carriesRecords() throws Exception {
    try (var admin = Admin.create(kafka())) {
      admin.createTopics(List.of(new NewTopic("greetings", 1, (short) 1))).all().get();
    }
    publish("hello");
    assertThat(greetings()).containsExactly("hello");
  }

  @Test
  @Order(1)
  void letsTheOwnerMakeRolesWithoutBeingSuperuser() throws Exception {
    var jdbc =
        "jdbc:postgresql://127.0.0.1:%d/postrider".formatted(settings.port(Variable.POSTGRES));
    try (var connection = DriverManager.getConnection(jdbc, "postrider", "postrider");
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE reader; CREATE TABLE kept AS SELECT 1 AS one");
      var row =
          statement.executeQuery("SELECT rolsuper FROM pg_roles WHERE rolname = current_user");
      assertThat(row.next()).isTrue();
      assertThat(row.getBoolean("rolsuper")).isFalse();
    }
  }

  @Test
  @Order(1)
  void issuesTokensThatNameTenantAndRoles() throws Exception {
    var claims = token("acme:publisher").getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo(settings.issuer());
    assertThat(claims.getStringClaim("tenant")).isEqualTo("acme");
    assertThat(claims.getStringListClaim("roles")).containsExactly("publisher");
  }

  @Test
  @Order(1)
  void issuesPlatformTokensWithoutTenant() throws Exception {
    var claims = token("-:platform_admin").getJWTClaimsSet();
    assertThat(claims.getClaim("tenant")).isNull();
    assertThat(claims.getStringListClaim("roles")).containsExactly("platform_admin");
  }

  @Test
  @Order(1)
  void letsSwaggerFetchTokensFromThePageOfTheApi() throws Exception {
    var question =
        HttpRequest.newBuilder(URI.create(settings.issuer() + "/.well-known/openid-configuration"))
            .header("Origin", settings.url(Variable.API));
    var answer = HTTP.send(question.build(), BodyHandlers.discarding());
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .contains(settings.url(Variable.API));
  }

  @Test
  @Order(1)
  void receivesAndVerifiesSignedRequests() throws Exception {
    call("PUT", "/control/soc/key", KEY);
    var timestamp = Instant.now().getEpochSecond();
    var body = "{\"title\":\"Zürich\"}";
    var request =
        HttpRequest.newBuilder(receiver("/hooks/soc"))
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", "" + timestamp)
            .header("webhook-signature", new Webhook(KEY).sign("msg_1", timestamp, body))
            .POST(BodyPublishers.ofString(body, UTF_8));
    assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/control/soc/requests", ""))
        .contains("\"signature\":\"valid\"", "\"body\":\"{\\\"title\\\":\\\"Zürich\\\"}\"");
  }

  @Test
  @Order(2)
  void keepsWhatWorks() throws InterruptedException {
    var before = stack.running();
    stack.restore();
    assertThat(stack.running()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void startsKilledPartsAgainWithTheirData() throws Exception {
    var before =
        stack.running().stream().filter(part -> !part.equals(stack.part("kafka"))).toList();
    stack.part("kafka").kill();
    stack.restore();
    assertThat(stack.running()).containsAll(before);
    assertThat(greetings()).containsExactly("hello");
  }

  @Test
  @Order(4)
  void stopsEveryProcess() throws InterruptedException {
    var before = stack.running();
    stack.stop();
    assertThat(before).hasSize(4).noneMatch(Running::alive);
    assertThat(stack.running()).isEmpty();
    assertThat(settings.home().localEnv()).doesNotExist();
  }

  @Test
  @Order(5)
  void saysWhichPortIsTaken() throws IOException {
    try (var stranger = new ServerSocket()) {
      stranger.bind(new InetSocketAddress("127.0.0.1", settings.port(Variable.ISSUER)));
      assertThatThrownBy(() -> stack.restore())
          .hasMessageContaining("Port %d is taken".formatted(settings.port(Variable.ISSUER)))
          .hasMessageContaining("issuer")
          .hasMessageContaining("POSTRIDER_ISSUER_PORT");
    }
    assertThat(stack.running()).isEmpty();
  }

  private static void publish(String greeting) throws Exception {
    try (var producer =
        new KafkaProducer<>(kafka(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(GREETINGS.topic(), greeting)).get();
    }
  }

  private static List<String> greetings() {
    try (var consumer =
        new KafkaConsumer<>(kafka(), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(GREETINGS));
      consumer.seekToBeginning(List.of(GREETINGS));
      var records = consumer.poll(Duration.ofSeconds(10)).records(GREETINGS);
      return records.stream().map(record -> record.value()).toList();
    }
  }

  private static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", stack.environment().get("POSTRIDER_KAFKA"));
  }

  private static SignedJWT token(String client) throws Exception {
    var form = "grant_type=client_credentials&client_id=%1$s&client_secret=%1$s-secret";
    var request =
        HttpRequest.newBuilder(URI.create(settings.issuer() + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.formatted(client)));
    var answer = HTTP.send(request.build(), BodyHandlers.ofString()).body();
    return SignedJWT.parse(answer.replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1"));
  }

  private static String call(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(receiver(path)).method(method, BodyPublishers.ofString(body));
    return HTTP.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static URI receiver(String path) {
    return URI.create(settings.url(Variable.RECEIVER) + path);
  }
}
