// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.event;

import dev.postrider.api.kafka.RecordReader;
import dev.postrider.api.problem.Problem;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.wire.EventCodec;
import dev.postrider.model.wire.Topics;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Events with their payloads, read back from where Kafka keeps them. */
@Component
public final class StoredEvents {

  private final RecordReader records;

  StoredEvents(RecordReader records) {
    this.records = records;
  }

  /**
   * The event of this id. A 410 when its payload is past retention; a 404 when there never was one,
   * or it is another tenant's; a 503 while Kafka is away.
   */
  public Mono<PlatformEvent> read(TenantId tenant, EventId id) {
    return records
        .read(Topics.EVENTS, id.partition(), id.offset())
        .map(found -> event(found, id, tenant));
  }

  private static PlatformEvent event(RecordReader.Found found, EventId wanted, TenantId tenant) {
    return switch (found) {
      case RecordReader.Found.Gone() ->
          throw Problem.of(HttpStatus.GONE, "the payload of this event is past retention");
      case RecordReader.Found.Never() -> throw Problem.notFound();
      case RecordReader.Found.Here(var record)
          when EventCodec.decode(record) instanceof EventCodec.Decoded.Event(var event)
              && event.id().equals(wanted)
              && event.tenant().equals(tenant) ->
          event;
      case RecordReader.Found.Here _ -> throw Problem.notFound();
    };
  }
}
