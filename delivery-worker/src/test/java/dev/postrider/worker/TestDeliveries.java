// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.delivery.Run;
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
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.Payload;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One destination of acme and events on their way to it. */
public final class TestDeliveries {

  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  public static final DestinationId DESTINATION = new DestinationId(new UUID(1, 2));

  private static final URI URL = URI.create("https://example.com/hook");
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private TestDeliveries() {}

  /** The event with this CloudEvents id, wherever Kafka keeps it. */
  public static PlatformEvent event(String id, long offset) {
    return event(id, offset, Payload.EMPTY);
  }

  private static PlatformEvent event(String id, long offset, Payload payload) {
    return new EventDraft(
            Map.of(
                "specversion",
                "1.0",
                "id",
                id,
                "source",
                "/a",
                "type",
                "t",
                "tenantid",
                "acme",
                "time",
                "2026-11-21T11:00:00Z"),
            "application/json",
            payload)
        .at(new EventId(NOON, 0, offset));
  }

  public static Delivery delivery(String id, long offset) {
    return Delivery.first(event(id, offset), DESTINATION);
  }

  /** With the largest payload there may be. */
  public static Delivery large(String id, long offset) {
    return Delivery.first(event(id, offset, Payload.of(new byte[256 * 1024])), DESTINATION);
  }

  /** The delivery whose first record has this offset. */
  public static Delivery numbered(long number) {
    Delivery first = delivery("e" + number, number);
    Place place = new Place(number, null);
    return new Delivery(
        first.id(), first.destination(), first.event(), 1, null, null, place, Run.ORIGINAL);
  }

  public static Destination fifo() {
    return destination(URL, TIMEOUT, Limits.DEFAULT, 1, Ordering.FIFO);
  }

  public static Destination destination(Limits limits) {
    return destination(limits, 1);
  }

  public static Destination destination(Limits limits, long version) {
    return destination(URL, TIMEOUT, limits, version, Ordering.NONE);
  }

  public static Destination destination(URI url, Duration timeout) {
    return destination(url, timeout, Limits.DEFAULT, 1, Ordering.NONE);
  }

  private static Destination destination(
      URI url, Duration timeout, Limits limits, long version, Ordering ordering) {
    return new Destination(
        DESTINATION,
        new TenantId("acme"),
        version,
        DestinationStatus.ACTIVE,
        List.of(EventTypePattern.ANY),
        List.of(),
        new HttpRequestSettings(
            url, "POST", List.of(), PayloadFormat.CLOUDEVENTS_BINARY, null, timeout),
        TlsSettings.USUAL,
        new Authentication.None(),
        new Signing("none", null, List.of()),
        RetryPolicy.DEFAULT,
        limits,
        ordering);
  }
}
