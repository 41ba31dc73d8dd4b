// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.event.OperationalEvents;
import dev.postrider.model.wire.EventCodec;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The operational event {@code postrider.delivery.failed}. */
final class FailedDelivery {

  private FailedDelivery() {}

  /** No event about the delivery of such an event: it could go on for ever. */
  static boolean concerns(Report report) {
    return report.state() == DeliveryState.FAILED && !report.type().operational();
  }

  static ProducerRecord<byte[], byte[]> event(Report report) {
    String delivery = report.delivery().toString();
    return EventCodec.publish(
        OperationalEvents.of(
            report.tenant(),
            OperationalEvents.Kind.DELIVERY_FAILED,
            delivery + "-" + report.number(),
            report.at(),
            delivery,
            data(report).toString().getBytes(UTF_8)));
  }

  private static ObjectNode data(Report report) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("delivery_id", report.delivery().toString());
    data.put("destination_id", report.destination().toString());
    data.put("event_id", report.event().toString());
    data.put("ce_id", report.ceId());
    data.put("event_type", report.type().value());
    data.put("attempts", report.attempts());
    Attempt last = report.attempt();
    data.put("last_outcome", last == null ? null : last.outcome().label());
    data.put("last_reason", last == null ? null : last.outcome().reason());
    data.put("last_http_status", last == null ? null : ReportColumns.status(last.outcome()));
    data.put("at", report.at().toString());
    return data;
  }
}
