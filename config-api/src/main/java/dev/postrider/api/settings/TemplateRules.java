// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.problem.Violations;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.event.Payload;
import dev.postrider.model.template.Template;
import dev.postrider.model.template.TemplateFailedException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Judges a template by what the worker does with it: it must compile, and make something of the
 * sample where there is one. Beside the threads that serve everybody, since it may take its time.
 */
final class TemplateRules {

  private TemplateRules() {}

  static Mono<Void> judge(Settings settings, Violations violations) {
    String template = settings.template();
    return template == null || template.isEmpty() || template.length() > Template.LONGEST
        ? Mono.empty()
        : Mono.<Void>fromRunnable(() -> judge(template, settings, violations))
            .subscribeOn(Schedulers.boundedElastic());
  }

  private static void judge(String source, Settings settings, Violations violations) {
    String sample = settings.document().path("content_sample").asString("");
    try {
      Template.compile(source);
    } catch (TemplateFailedException e) {
      violations.add("template", "template is refused: " + e.getMessage());
      return;
    }
    if (!sample.isEmpty()) {
      run(source, settings, sample, violations);
    }
  }

  private static void run(String source, Settings settings, String sample, Violations violations) {
    SampleEvent event =
        SampleEvent.of("sample", Map.of(), null, Payload.of(sample.getBytes(UTF_8)));
    try {
      event.in(request(source), settings.scheme());
    } catch (TemplateFailedException e) {
      violations.add("template", "template fails on content_sample: " + e.getMessage());
    }
  }

  /** Whatever the destination's method: one that is not used today may be tomorrow. */
  private static HttpRequestSettings request(String source) {
    return new HttpRequestSettings(
        URI.create("https://sample.invalid/"),
        "POST",
        List.of(),
        PayloadFormat.TEMPLATE,
        source,
        Duration.ofSeconds(1));
  }
}
