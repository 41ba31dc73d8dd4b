// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.api.tenant.Columns;
import dev.postrider.model.event.TenantId;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Where a change waits for Kafka.
 *
 * <p>Put the record in the transaction of the change, after the row is locked, so that the order of
 * a key's records is the order of its changes; then, after the commit, await its publication.
 */
@Component
public final class Outbox {

  private final OutboxRelay relay;

  Outbox(OutboxRelay relay) {
    this.relay = relay;
  }

  /** Names what waits. */
  public record Entry(long id) {}

  /**
   * Stores a record inside the running transaction; its key and headers are text. Without a value
   * it is a tombstone.
   */
  public Mono<Entry> put(
      DatabaseClient database, TenantId tenant, ProducerRecord<byte[], byte[]> record) {
    byte @Nullable [] value = record.value();
    var insert =
        database
            .sql(
                """
                insert into outbox (tenant, topic, key, headers, value)
                values (:tenant, :topic, :key, :headers, :value) returning id
                """)
            .bind("tenant", tenant.value())
            .bind("topic", record.topic())
            .bind("key", new String(record.key(), UTF_8))
            .bind("headers", StoredHeaders.write(record.headers()));
    return (value == null
            ? insert.bindNull("value", ByteBuffer.class)
            : insert.bind("value", ByteBuffer.wrap(value)))
        .map(row -> new Entry(Columns.required(row, "id", Long.class)))
        .one();
  }

  /**
   * Done when Kafka has acknowledged the entry; fails after 2.8 s. The entry stays in the outbox
   * then, and is published when Kafka is back.
   */
  public Mono<Void> published(Entry entry) {
    return relay.published(entry.id());
  }
}
