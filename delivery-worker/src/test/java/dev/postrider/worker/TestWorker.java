// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.PayloadFormat;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.event.EventDraft;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.Sealed;
import dev.postrider.model.secret.Secret;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.secret.SecretPlace;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import dev.postrider.test.TestKafka;
import dev.postrider.test.TopicContent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A whole worker against the test broker, and what the world around it would do. All have the same
 * broker, and a worker reads again what the one before it left unfinished: so each has a tenant of
 * its own, and nobody's receivers get another's events.
 */
final class TestWorker implements AutoCloseable {

  static final RetryPolicy FAST_RETRY =
      new RetryPolicy(new Backoff.Fixed(Duration.ofSeconds(1)), 3);
  static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

  private static final int PARTITIONS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", TestKafka.bootstrapServers(), "max.request.size", 2_000_000),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final TopicContent<Report> reports =
      new TopicContent<>(Topics.OUTCOMES, TestWorker::report);
  private final TopicContent<ConsumerRecord<byte[], byte[]>> letters =
      new TopicContent<>(Topics.DEAD_LETTERS, Stream::of);
  private final TopicContent<String> undecodable =
      new TopicContent<>(
          Topics.UNDECODABLE, record -> Stream.ofNullable(header(record, Topics.REASON_HEADER)));
  private final List<DestinationId> subscribed = new CopyOnWriteArrayList<>();
  private final TenantId tenant;
  private final Path keyset;
  private final SecretBox secrets;
  private final AutoCloseable running;

  private TestWorker(TenantId tenant, Path keyset, AutoCloseable running) {
    this.tenant = tenant;
    this.keyset = keyset;
    this.secrets = SecretBox.open(keyset);
    this.running = running;
  }

  static TestWorker start() {
    return allowing("127.0.0.1/32");
  }

  static TestWorker allowing(String egressAllow) {
    return startedWith(newTenant(), keyset(), egressAllow, DeliveryWorker.class);
  }

  /** With some of its parts replaced. */
  static TestWorker with(Class<?> parts) {
    return startedWith(newTenant(), keyset(), "127.0.0.1/32", DeliveryWorker.class, parts);
  }

  private static TestWorker startedWith(
      TenantId tenant, Path keyset, String egressAllow, Class<?>... parts) {
    return new TestWorker(
        tenant, keyset, new SpringApplication(parts).run(arguments(0, keyset, egressAllow)));
  }

  /** With files and memory of its own. */
  static TestWorker inItsOwnJvm(int port, List<String> options) throws IOException {
    Path keyset = keyset();
    String[] arguments = arguments(port, keyset, "127.0.0.1/32");
    return new TestWorker(
        newTenant(), keyset, new ChildJvm(4096, options, DeliveryWorker.class, arguments));
  }

  private static String[] arguments(int port, Path keyset, String egressAllow) {
    return ("--server.port=%d --postrider.kafka=%s --postrider.keyset-file=%s"
            + " --postrider.partitions=%d --postrider.egress-allow=%s")
        .formatted(port, TestKafka.bootstrapServers(), keyset, PARTITIONS, egressAllow)
        .split(" ");
  }

  private static TenantId newTenant() {
    return new TenantId("acme-" + UUID.randomUUID());
  }

  private static Path keyset() {
    try {
      Path keyset = Files.createTempDirectory("worker").resolve("keyset.json");
      SecretBox.createKeyset(keyset);
      return keyset;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  ChildJvm jvm() {
    return (ChildJvm) running;
  }

  /** Ends this one and starts another with the same keyset, for the same tenant. */
  TestWorker restarted(Interlude between) throws Exception {
    running.close();
    between.happens();
    TestWorker next = startedWith(tenant, keyset, "127.0.0.1/32", DeliveryWorker.class);
    next.subscribed.addAll(subscribed);
    subscribed.clear();
    return next;
  }

  /** What happens while no worker runs. */
  interface Interlude {
    void happens() throws Exception;
  }

  <T> T bean(Class<T> type) {
    return ((ConfigurableApplicationContext) running).getBean(type);
  }

  /** Replaces all destinations by one that sends everything to the receiver. */
  void subscribe(TestReceiver receiver, RetryPolicy retry) throws Exception {
    subscribe(receiver.url(), retry);
  }

  void subscribe(String url, RetryPolicy retry) throws Exception {
    forgetSubscribed();
    alsoSubscribe(url, retry, TIMEOUT);
  }

  DestinationId alsoSubscribe(String url, RetryPolicy retry, Duration timeout) throws Exception {
    DestinationId id = newId();
    announce(id, url, retry, timeout, id);
    return id;
  }

  /** One more destination for everything, that takes no more than that. */
  DestinationId alsoSubscribe(String url, Limits limits) throws Exception {
    DestinationId id = newId();
    Destination usual = destination(id, url, FAST_RETRY, TIMEOUT, id, Ordering.NONE);
    announce(TestDestinations.with(usual, limits));
    return id;
  }

  /** Replaces all destinations by this one. */
  void subscribe(UnaryOperator<Destination> change, String url) throws Exception {
    forgetSubscribed();
    announce(changed(change, url));
  }

  /** One more, of the usual kind, changed. */
  void alsoSubscribe(UnaryOperator<Destination> change, String url) throws Exception {
    announce(changed(change, url));
  }

  /** One of the usual kind, changed; nobody knows of it. */
  Destination changed(UnaryOperator<Destination> change, String url) {
    DestinationId id = newId();
    return change.apply(destination(id, url, FAST_RETRY, TIMEOUT, id, Ordering.NONE));
  }

  /** Sealed so that only this destination's authentication opens it. */
  Sealed sealed(Destination destination, String name, String secret) {
    return secrets.seal(
        Secret.of(secret), Authentication.placeOf(destination.tenant(), destination.id(), name));
  }

  /** Sealed as another signing key of this destination. */
  Signing.Key key(Destination destination, String secret, @Nullable Instant expiresAt) {
    SecretPlace place = Signing.placeOf(destination.tenant(), destination.id());
    return new Signing.Key(secrets.seal(Secret.of(secret), place), expiresAt);
  }

  /** One more destination for everything, whose key was sealed for another and does not open. */
  void subscribeWithForeignKey(String url, RetryPolicy retry) throws Exception {
    announce(newId(), url, retry, TIMEOUT, newId());
  }

  /** Replaces all destinations by one that takes everything in order. */
  void subscribeInOrder(TestReceiver receiver, RetryPolicy retry) throws Exception {
    forgetSubscribed();
    DestinationId id = newId();
    announce(destination(id, receiver.url(), retry, TIMEOUT, id, Ordering.FIFO));
  }

  /** A destination with this token of its issuer, or with another now. */
  void grant(DestinationId id, String url, String token, Instant expires, Ordering ordering)
      throws Exception {
    Destination usual = destination(id, url, FAST_RETRY, TIMEOUT, id, ordering);
    Sealed sealed =
        token == null
            ? null
            : secrets.seal(Secret.of(token), Authentication.placeOf(tenant, id, "access_token"));
    subscribed.remove(id);
    announce(
        new Destination(
            id,
            usual.tenant(),
            usual.version(),
            usual.status(),
            usual.eventTypes(),
            usual.filters(),
            usual.request(),
            usual.tls(),
            new Authentication.OAuth2(sealed, expires),
            usual.signing(),
            usual.retry(),
            usual.limits(),
            usual.ordering()));
  }

  private void forgetSubscribed() throws Exception {
    for (DestinationId old : subscribed) {
      unsubscribe(old);
    }
  }

  void unsubscribe(DestinationId id) throws Exception {
    send(new ProducerRecord<>(Topics.DESTINATIONS, DeliveryCodec.key(id), null));
    subscribed.remove(id);
  }

  static DestinationId newId() {
    return new DestinationId(TimeOrderedUuid.random(Instant.now(), new Random()));
  }

  private void announce(
      DestinationId id, String url, RetryPolicy retry, Duration timeout, DestinationId keyOf)
      throws Exception {
    announce(destination(id, url, retry, timeout, keyOf, Ordering.NONE));
  }

  private void announce(Destination destination) throws Exception {
    subscribed.add(destination.id());
    byte[] snapshot = ModelJson.write(destination);
    send(new ProducerRecord<>(Topics.DESTINATIONS, DeliveryCodec.key(destination.id()), snapshot));
  }

  private Destination destination(
      DestinationId id,
      String url,
      RetryPolicy retry,
      Duration timeout,
      DestinationId keyOf,
      Ordering ordering) {
    Signing.Key key =
        new Signing.Key(secrets.seal(Secret.of(KEY), Signing.placeOf(tenant, keyOf)), null);
    return new Destination(
        id,
        tenant,
        1,
        DestinationStatus.ACTIVE,
        List.of(EventTypePattern.ANY),
        List.of(),
        new HttpRequestSettings(
            URI.create(url), "POST", List.of(), PayloadFormat.CLOUDEVENTS_BINARY, null, timeout),
        TlsSettings.USUAL,
        new Authentication.None(),
        new Signing("standard_webhooks", null, List.of(key)),
        retry,
        Limits.DEFAULT,
        ordering);
  }

  void publish(EventDraft event) throws Exception {
    send(EventCodec.publish(ours(event)));
  }

  /** All events published so keep their order. */
  void publishInOrder(EventDraft event) throws Exception {
    ProducerRecord<byte[], byte[]> record = EventCodec.publish(ours(event));
    send(
        new ProducerRecord<>(
            record.topic(), 0, KEY.getBytes(UTF_8), record.value(), record.headers()));
  }

  /** Does not wait until Kafka has it. */
  void publishSoon(EventDraft event) {
    sendSoon(EventCodec.publish(ours(event)));
  }

  /** The same event of the tenant of this worker, unless it has none. */
  EventDraft ours(EventDraft event) {
    return event.attributes().containsKey("tenantid")
        ? event.with("tenantid", tenant.value())
        : event;
  }

  /** Does not wait until Kafka has it, either. */
  void sendSoon(ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
  }

  /** Waits until Kafka has everything. */
  void flush() {
    producer.flush();
  }

  /** As a platform service would that uses the public library. */
  void publishWithSdk(Encoding encoding, String type, String data) throws Exception {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId(UUID.randomUUID().toString())
            .withSource(URI.create("/sdk"))
            .withType(type)
            .withTime(OffsetDateTime.now())
            .withExtension("tenantid", tenant.value())
            .withData("application/json", data.getBytes(UTF_8))
            .build();
    CloudEventSerializer serializer = new CloudEventSerializer();
    serializer.configure(
        Map.of(
            CloudEventSerializer.ENCODING_CONFIG,
            encoding,
            CloudEventSerializer.EVENT_FORMAT_CONFIG,
            JsonFormat.CONTENT_TYPE),
        false);
    RecordHeaders headers = new RecordHeaders();
    publishRaw(serializer.serialize(Topics.EVENTS, headers, event), List.of(headers.toArray()));
  }

  void publishRaw(byte[] value, List<Header> headers) throws Exception {
    send(new ProducerRecord<>(Topics.EVENTS, null, (byte[]) null, value, headers));
  }

  void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get();
  }

  void verifySignature(TestReceiver.Received request) throws Exception {
    Map<String, List<String>> headers = request.request().getHeaders().toMultimap();
    new Webhook(KEY)
        .verify(new String(request.body(), UTF_8), HttpHeaders.of(headers, (_, _) -> true));
  }

  List<Report> reportsOf(String delivery, int count) {
    return reports(report -> report.delivery().toString().equals(delivery), count);
  }

  List<Report> reports(Predicate<Report> wanted, int count) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> reports.all().stream().filter(wanted).toList(), found -> found.size() >= count);
  }

  private static Stream<Report> report(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Stream.of(ModelJson.readReport(record.value()));
    } catch (IllegalArgumentException poison) {
      return Stream.empty();
    }
  }

  ConsumerRecord<byte[], byte[]> deadLetter(String delivery) {
    return await()
        .until(
            () ->
                letters.all().stream()
                    .filter(record -> delivery.equals(header(record, "postrider-delivery")))
                    .findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  List<String> undecodableReasons(int count) {
    return await().until(undecodable::all, found -> found.size() >= count);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  @Override
  public void close() {
    try {
      forgetSubscribed();
      running.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    producer.close();
    for (TopicContent<?> open : List.of(reports, letters, undecodable)) {
      open.close();
    }
  }
}
