// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static dev.postrider.model.destination.PayloadFormat.CLOUDEVENTS_BINARY;

import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.DestinationStatus;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.destination.Signing;
import dev.postrider.model.destination.TlsSettings;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.event.TimeOrderedUuid;
import dev.postrider.model.retry.RetryPolicy;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.signature.SignatureScheme;
import dev.postrider.model.signature.SignatureSchemes;
import dev.postrider.model.signature.SigningSecret;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.ModelJson;
import dev.postrider.model.wire.Topics;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Destinations as config-api would publish them, straight into their topic: a hundred thousand over
 * REST would take longer than everything that is measured.
 */
final class Snapshots {

  private static final TenantId TENANT = new TenantId(Events.TENANT);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Producer<byte[], byte[]> producer;
  private final SecretBox secrets;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final SignatureScheme scheme =
      SignatureSchemes.branded("Postrider").named("standard_webhooks").orElseThrow();

  Snapshots(Producer<byte[], byte[]> producer, SecretBox secrets, Clock clock) {
    this.producer = producer;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Publishes the destination that wants the events of this number. */
  DestinationId publish(int number, String url, RetryPolicy retry) {
    var id = new DestinationId(TimeOrderedUuid.random(clock.instant(), random));
    var destination =
        new Destination(
            id,
            TENANT,
            1,
            DestinationStatus.ACTIVE,
            List.of(new EventTypePattern(Events.type(number))),
            List.of(),
            new HttpRequestSettings(
                URI.create(url), "POST", List.of(), CLOUDEVENTS_BINARY, null, TIMEOUT),
            TlsSettings.USUAL,
            new Authentication.None(),
            signing(id),
            retry,
            Limits.DEFAULT,
            Ordering.NONE);
    producer.send(
        new ProducerRecord<>(
            Topics.DESTINATIONS, DeliveryCodec.key(id), ModelJson.write(destination)));
    return id;
  }

  /** Deletes a destination. */
  void delete(DestinationId id) {
    producer.send(new ProducerRecord<>(Topics.DESTINATIONS, DeliveryCodec.key(id), null));
  }

  private Signing signing(DestinationId id) {
    var key = SigningSecret.generate(scheme, random).text();
    var sealed = secrets.seal(key, Signing.placeOf(TENANT, id));
    return new Signing(scheme.name(), null, List.of(new Signing.Key(sealed, null)));
  }
}
