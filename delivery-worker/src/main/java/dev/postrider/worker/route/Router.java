// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.route;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.Ordering;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.trace.Step;
import dev.postrider.model.trace.Tracing;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.EventCodec.Decoded;
import dev.postrider.model.wire.UndecodableCodec;
import dev.postrider.worker.directory.Directory;
import dev.postrider.worker.metrics.DeliveryMetrics;
import dev.postrider.worker.metrics.DeliveryMetrics.EventResult;
import io.micrometer.tracing.Span;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record of {@code events} → its deliveries, one for each destination that wants it. The same
 * record becomes the same deliveries again, with the same ids. May be used by any thread.
 */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final Directory directory;
  private final DeliveryMetrics metrics;
  private final Tracing tracing;

  /** Matches by what the directory holds. */
  public Router(Directory directory, DeliveryMetrics metrics, Tracing tracing) {
    this.directory = directory;
    this.metrics = metrics;
    this.tracing = tracing;
  }

  /** What has become of a record. */
  public sealed interface Routed {

    /** An event, on its way to these; to none where nobody wants it. */
    record To(List<Route> routes) implements Routed {}

    /** No event: to be put aside like this, with the reason. */
    record Aside(ProducerRecord<byte[], byte[]> record) implements Routed {}
  }

  /**
   * One delivery.
   *
   * @param inOrder whether its destination takes its events in order
   */
  public record Route(Delivery delivery, boolean inOrder) {}

  /** Never fails: a defect of ours with one record must not stop all that come behind it. */
  public Routed route(ConsumerRecord<byte[], byte[]> record) {
    try {
      return switch (EventCodec.decode(record)) {
        case Decoded.Event(PlatformEvent event) -> to(event);
        case Decoded.Undecodable(String reason) -> aside(record, reason);
      };
    } catch (RuntimeException e) {
      LOG.error("{}-{} at {}", record.topic(), record.partition(), record.offset(), e);
      return aside(record, "cannot be routed: " + e);
    }
  }

  private Routed to(PlatformEvent given) {
    Span span = tracing.begin(Step.ROUTE, given);
    PlatformEvent event = tracing.passedOn(span, given);
    List<Route> routes =
        directory.wanting(event).stream().map(destination -> route(event, destination)).toList();
    span.tag("postrider.deliveries", routes.size()).end();
    metrics.eventHandled(routes.isEmpty() ? EventResult.UNMATCHED : EventResult.ROUTED);
    return new Routed.To(routes);
  }

  private static Route route(PlatformEvent event, Destination destination) {
    Delivery delivery = Delivery.first(event, destination.id());
    return new Route(delivery, destination.ordering() == Ordering.FIFO);
  }

  private Routed aside(ConsumerRecord<byte[], byte[]> record, String reason) {
    metrics.eventHandled(EventResult.UNDECODABLE);
    return new Routed.Aside(UndecodableCodec.write(record, reason));
  }
}
