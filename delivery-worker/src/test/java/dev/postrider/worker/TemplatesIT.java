// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.HttpHeader;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Templates on the way through a worker; what they can do is TemplateTest's. */
class TemplatesIT {

  private static final String LOOP = "{% for i in range(1000) %}";
  private static final String HOSTILE = LOOP.repeat(3) + "{% endfor %}".repeat(3);
  private static final String DATA = "{\"title\": \"Zürich\", \"amount\": 4.50, \"gone\": null}";

  private static TestWorker worker;

  @BeforeAll
  static void startWorker() {
    worker = TestWorker.start();
  }

  @AfterAll
  static void stopWorker() {
    worker.close();
  }

  @Test
  void b9SendsAndSignsWhatTheTemplateMakes() throws Exception {
    TestReceiver.Received request =
        received(
            templated(
                "{\"t\": {{ data.title|tojson }}, \"a\": {{ data.amount }}, \"g\": {{ data.gone|tojson }},"
                    + " \"k\": \"{{ event.type }}\", \"d\": \"{{ delivery.id }}\"}"));

    assertThat(new String(request.body(), UTF_8))
        .isEqualTo(
            "{\"t\": \"Zürich\", \"a\": 4.50, \"g\": null, \"k\": \"templated\", \"d\": \"%s\"}"
                .formatted(request.header("webhook-id")));
    assertThat(request.header("content-type")).isEqualTo("application/json");
    assertThat(request.header("ce-type")).isNull();
    worker.verifySignature(request);
  }

  @Test
  void b9SaysWhatATemplateFailedAtAndSendsNothing() throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(templated("\n{{ data.title|round }}"), receiver.url());
      worker.publish(TestEvents.of("template.fails", DATA));

      Report report =
          worker.reports(one -> one.type().value().equals("template.fails"), 1).getFirst();

      assertThat(report.attempt().outcome())
          .isEqualTo(new Outcome.Refused(Outcome.Why.TEMPLATE_FAILED));
      assertThat(report.attempt().responseExcerpt()).startsWith("line 2: ");
      assertThat(receiver.count()).isZero();
    }
  }

  @Test
  void b9LetsNobodyWaitForAHostileTemplate() throws Exception {
    try (TestReceiver spared = TestReceiver.answering(200);
        TestReceiver templated = TestReceiver.answering(200)) {
      worker.subscribe(templated(HOSTILE), spared.url());
      worker.alsoSubscribe(spared.url(), TestWorker.FAST_RETRY, Duration.ofSeconds(5));
      worker.alsoSubscribe(templated("{{ data.n }}"), templated.url());
      Instant begun = Instant.now();
      for (int i = 0; i < 100; i++) {
        worker.publishSoon(TestEvents.of("beside.hostile", "{\"n\": " + i + "}"));
      }
      for (int i = 0; i < 100; i++) {
        spared.take();
        templated.take();
      }

      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void b22SendsOtherTypesThanJson() throws Exception {
    TestReceiver.Received form =
        received(typed("title={{ data.title|urlencode }}", "application/x-www-form-urlencoded"));
    TestReceiver.Received xml =
        received(typed("<t a=\"{{ '<&\"'|e }}\">{{ data.title|e }}</t>", "application/xml"));
    TestReceiver.Received text =
        received(typed("{{ event.type }}: {{ data.title }}", "text/plain; charset=utf-8"));

    assertThat(form.header("content-type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(new String(form.body(), UTF_8)).isEqualTo("title=Z%C3%BCrich");
    assertThat(xml.header("content-type")).isEqualTo("application/xml");
    assertThat(new String(xml.body(), UTF_8)).isEqualTo("<t a=\"&lt;&amp;&quot;\">Zürich</t>");
    assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(new String(text.body(), UTF_8)).isEqualTo("templated: Zürich");
    worker.verifySignature(text);
  }

  @Test
  void b22GetsWithoutABodyWhateverTheTemplate() throws Exception {
    TestReceiver.Received request = received(usual -> with(usual, "GET", "{{ data }}", List.of()));

    assertThat(request.request().getMethod()).isEqualTo("GET");
    assertThat(request.body()).isEmpty();
  }

  @Test
  void o17CreatesAJiraIssue() throws Exception {
    String template =
        Files.readString(Path.of("../config-api/src/main/resources/types/jira_issue.jinja"));
    try (TestReceiver jira = TestReceiver.answering(201)) {
      worker.subscribe(
          usual ->
              TestDestinations.with(
                  templated(template).apply(usual),
                  new Authentication.Bearer(worker.sealed(usual, "token", "jira-t0ken"))),
          jira.url());
      worker.publish(TestEvents.of("incident.triggered", DATA));

      TestReceiver.Received request = jira.take();

      assertThat(request.header("authorization")).isEqualTo("Bearer jira-t0ken");
      assertThat(new String(request.body(), UTF_8).replaceAll("\\s", ""))
          .startsWith("{\"fields\":{\"project\":{\"key\":\"TEST\"},\"summary\":\"Zürich\",");
      assertThat(worker.reportsOf(request.header("webhook-id"), 1).getFirst().state())
          .isEqualTo(DeliveryState.DELIVERED);
    }
  }

  private static TestReceiver.Received received(UnaryOperator<Destination> change)
      throws Exception {
    try (TestReceiver receiver = TestReceiver.answering(200)) {
      worker.subscribe(change, receiver.url());
      worker.publish(TestEvents.of("templated", DATA));
      return receiver.take();
    }
  }

  private static UnaryOperator<Destination> templated(String template) {
    return usual -> with(usual, "POST", template, List.of());
  }

  private static UnaryOperator<Destination> typed(String template, String type) {
    return usual -> with(usual, "POST", template, List.of(new HttpHeader("Content-Type", type)));
  }

  private static Destination with(
      Destination usual, String method, String template, List<HttpHeader> headers) {
    HttpRequestSettings request = usual.request();
    return usual.with(
        new HttpRequestSettings(
            request.endpoint(),
            method,
            headers,
            PayloadFormat.TEMPLATE,
            template,
            request.timeout()));
  }
}
