// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.springframework.beans.factory.config.ConfigurableBeanFactory.SCOPE_PROTOTYPE;

import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.NameServers;
import dev.postrider.model.egress.UrlRules;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.directory.DirectoryFeed;
import dev.postrider.worker.dispatch.Dispatcher;
import dev.postrider.worker.dispatch.Dispatchers;
import dev.postrider.worker.http.Sender;
import dev.postrider.worker.intake.DispatchIntake;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.outcome.OutcomeLog;
import dev.postrider.worker.probe.Probes;
import dev.postrider.worker.publish.Publisher;
import dev.postrider.worker.retry.RetryTopics;
import dev.postrider.worker.route.Router;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

/** Who gets whom. The order in which the parts start and stop is {@link WorkerLifecycle}'s. */
@Configuration(proxyBeanMethods = false)
class Wiring {

  @Bean
  InstantSource clock() {
    return Clock.systemUTC();
  }

  /** Without anywhere to send spans to there are none. */
  @Bean
  Tracing tracing(ObjectProvider<SpanExporter> exporters, Propagator propagator) {
    return exporters.stream().findAny().isPresent() ? Tracing.by(propagator) : Tracing.OFF;
  }

  @Bean
  Topics topics(WorkerSettings settings) {
    return settings.topics();
  }

  @Bean
  Admin admin(WorkerSettings settings) {
    return Admin.create(Map.of("bootstrap.servers", settings.kafka()));
  }

  @Bean
  DeliveryMetrics metrics(MeterRegistry registry, Topics topics) {
    return new DeliveryMetrics(registry, topics.tiers());
  }

  /** For what somebody waits for. */
  @Bean(destroyMethod = "")
  Publisher deliveriesPublisher(WorkerSettings settings, DeliveryMetrics metrics) {
    return Publisher.to(settings.kafka(), "deliveries", Duration.ofMillis(1), metrics::watch);
  }

  /** For what comes after the receiver's answer, while there is room for more requests. */
  @Bean(destroyMethod = "")
  Publisher outcomesPublisher(WorkerSettings settings, DeliveryMetrics metrics) {
    return Publisher.to(settings.kafka(), "outcomes", Duration.ofMillis(25), metrics::watch);
  }

  @Bean
  Directory directory(DeliveryMetrics metrics) {
    Directory directory = new Directory();
    metrics.gauge("postrider.directory.destinations", directory::size);
    return directory;
  }

  @Bean
  DirectoryFeed directoryFeed(
      Directory directory,
      Admin admin,
      WorkerSettings settings,
      DeliveryMetrics metrics,
      InstantSource clock) {
    DirectoryFeed feed = new DirectoryFeed(directory, admin, settings.kafka(), clock);
    metrics.gauge("postrider.directory.lag.seconds", () -> feed.lag().toMillis() / 1000.0);
    return feed;
  }

  @Bean
  Router router(Directory directory, DeliveryMetrics metrics, Tracing tracing) {
    return new Router(directory, metrics, tracing);
  }

  @Bean(destroyMethod = "")
  @Scope(SCOPE_PROTOTYPE)
  GuardedHttpClient httpClient(
      AddressRules rules, DeliveryMetrics metrics, WorkerSettings settings) {
    return GuardedHttpClient.onOneThread(
        rules,
        NameServers.of(settings.nameServers()),
        metrics::egressRefused,
        settings.connectionsPerHost(),
        "dispatch");
  }

  @Bean
  AddressRules addressRules(WorkerSettings settings) {
    return AddressRules.allowing(settings.egressAllow());
  }

  @Bean(destroyMethod = "")
  @Scope(SCOPE_PROTOTYPE)
  Sender sender(
      GuardedHttpClient client,
      AddressRules rules,
      WorkerSettings settings,
      ObjectProvider<BuildProperties> build,
      Tracing tracing,
      InstantSource clock) {
    BuildProperties known = build.getIfAvailable();
    String version = known == null ? "dev" : known.getVersion();
    return new Sender(
        client,
        new UrlRules(rules),
        SignatureSchemes.branded(settings.brand()),
        SecretBox.open(Path.of(settings.keysetFile())),
        "Postrider/" + version,
        tracing,
        clock);
  }

  @Bean
  RetryTopics retryTopics(
      Topics topics,
      Publisher outcomesPublisher,
      DeliveryMetrics metrics,
      Tracing tracing,
      InstantSource clock) {
    return new RetryTopics(topics.tiers(), outcomesPublisher, metrics, tracing, clock);
  }

  @Bean
  OutcomeLog outcomeLog(Publisher outcomesPublisher, Publisher deliveriesPublisher) {
    return new OutcomeLog(outcomesPublisher, deliveriesPublisher);
  }

  @Bean(destroyMethod = "")
  @Scope(SCOPE_PROTOTYPE)
  Dispatcher dispatcher(
      Directory directory,
      DirectoryFeed feed,
      Sender sender,
      RetryTopics retries,
      OutcomeLog outcomes,
      DeliveryMetrics metrics,
      InstantSource clock) {
    RandomGenerator random = RandomGenerator.getDefault();
    return new Dispatcher(directory, feed, sender, retries, outcomes, metrics, clock, random);
  }

  @Bean(destroyMethod = "")
  Dispatchers dispatchers(ObjectProvider<Dispatcher> made, DeliveryMetrics metrics) {
    return new Dispatchers(made::getObject, metrics);
  }

  @Bean
  DispatchIntake dispatchIntake(
      WorkerSettings settings,
      Topics topics,
      Router router,
      DirectoryFeed feed,
      Dispatchers dispatchers,
      RetryTopics retries,
      Publisher deliveriesPublisher,
      Admin admin,
      DeliveryMetrics metrics,
      InstantSource clock) {
    return new DispatchIntake(
        settings.kafka(),
        topics,
        router,
        feed::caughtUp,
        dispatchers,
        retries,
        deliveriesPublisher,
        settings.remembered(),
        admin,
        metrics,
        clock);
  }

  /** Past the lanes, on a thread of its own: nobody's delivery waits for a person's question. */
  @Bean(destroyMethod = "")
  Probes probes(
      WorkerSettings settings, Sender sender, Publisher deliveriesPublisher, InstantSource clock) {
    return new Probes(settings.kafka(), sender, deliveriesPublisher, clock);
  }
}
