// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import dev.postrider.api.kafka.BulkReader;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.EventCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Events of one tenant, read back by their ids. */
final class Payloads {

  private Payloads() {}

  /** Those that Kafka still has; blocks. */
  static Map<EventId, PlatformEvent> of(
      Collection<EventId> ids, TenantId tenant, BulkReader events) {
    Map<Integer, List<Long>> offsets = new HashMap<>();
    for (EventId id : ids) {
      offsets.computeIfAbsent(id.partition(), _ -> new ArrayList<>()).add(id.offset());
    }
    Map<EventId, PlatformEvent> payloads = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : events.at(offsets)) {
      if (EventCodec.decode(record) instanceof EventCodec.Decoded.Event(var event)
          && event.tenant().equals(tenant)) {
        payloads.put(event.id(), event);
      }
    }
    return payloads;
  }
}
