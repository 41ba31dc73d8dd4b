// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.event.EventFilter;
import dev.postrider.model.event.EventId;
import dev.postrider.model.event.EventType;
import dev.postrider.model.event.EventTypePattern;
import dev.postrider.model.event.TenantId;
import dev.postrider.model.retry.Backoff;
import dev.postrider.model.secret.Sealed;
import java.time.DateTimeException;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Destinations, reports and backlogs as JSON: snake_case, ids as text, times in RFC 3339, durations
 * in ISO 8601. Unknown members are passed over, so that services of two versions understand each
 * other during an upgrade.
 */
public final class ModelJson {

  /** Of most reports, in bytes; a longer one costs a copy. */
  private static final int REPORT_LENGTH = 2048;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(factory())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy((config, type, name) -> name.toLowerCase(Locale.ROOT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(ids())
          .addMixIn(Backoff.class, BackoffShape.class)
          .addMixIn(Authentication.class, AuthenticationShape.class)
          .build();

  private ModelJson() {}

  /** Few threads write, and each of them much: it keeps its own buffers. */
  private static JsonFactory factory() {
    return JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build();
  }

  /** The snapshot's value in {@code destinations}. */
  public static byte[] write(Destination destination) {
    return MAPPER.writeValueAsBytes(destination);
  }

  /**
   * Reads a snapshot.
   *
   * @throws MalformedJsonException when it is none
   */
  public static Destination readDestination(byte[] utf8) {
    return read(utf8, Destination.class);
  }

  /** The report's value in {@code outcomes}. */
  public static byte[] write(Report report) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(REPORT_LENGTH);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      ReportJson.write(report, json);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a report.
   *
   * @throws MalformedJsonException when it is none
   */
  public static Report readReport(byte[] utf8) {
    try (JsonParser json = MAPPER.createParser(utf8)) {
      return ReportReader.read(json);
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage());
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new MalformedJsonException(String.valueOf(e.getMessage()));
    }
  }

  /** The value in {@code backlogs}. */
  public static byte[] write(Backlog backlog) {
    return MAPPER.writeValueAsBytes(backlog);
  }

  /**
   * Reads a backlog.
   *
   * @throws MalformedJsonException when it is none
   */
  public static Backlog readBacklog(byte[] utf8) {
    return read(utf8, Backlog.class);
  }

  private static <T> T read(byte[] utf8, Class<T> type) {
    try {
      T value = MAPPER.readValue(utf8, type);
      if (value == null) {
        throw new MalformedJsonException("null is no " + type.getSimpleName());
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage());
    }
  }

  private static SimpleModule ids() {
    SimpleModule module = new SimpleModule();
    text(module, TenantId.class, TenantId::value, TenantId::new);
    text(module, DestinationId.class, DestinationId::toString, DestinationId::parse);
    text(module, DeliveryId.class, DeliveryId::toString, DeliveryId::parse);
    text(module, EventId.class, EventId::toString, EventId::parse);
    text(module, EventType.class, EventType::value, EventType::new);
    text(module, EventTypePattern.class, EventTypePattern::value, EventTypePattern::new);
    text(module, Sealed.class, Sealed::base64, Sealed::new);
    module.addSerializer(EventFilter.class, new FilterSerializer());
    module.addDeserializer(EventFilter.class, new FilterDeserializer());
    return module;
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> toText, Function<String, T> ofText) {
    module.addSerializer(
        type,
        new ValueSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator json, SerializationContext context) {
            json.writeString(toText.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new ValueDeserializer<T>() {
          @Override
          public T deserialize(JsonParser json, DeserializationContext context) {
            return ofText.apply(json.getValueAsString(""));
          }
        });
  }

  private static final class FilterSerializer extends ValueSerializer<EventFilter> {
    @Override
    public void serialize(EventFilter filter, JsonGenerator json, SerializationContext context) {
      json.writePOJO(FilterJson.write(filter));
    }
  }

  private static final class FilterDeserializer extends ValueDeserializer<EventFilter> {
    @Override
    public EventFilter deserialize(JsonParser json, DeserializationContext context) {
      return FilterJson.read(context.readTree(json));
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "strategy")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Backoff.Stepped.class, name = "stepped"),
    @JsonSubTypes.Type(value = Backoff.Exponential.class, name = "exponential"),
    @JsonSubTypes.Type(value = Backoff.Fixed.class, name = "fixed"),
    @JsonSubTypes.Type(value = Backoff.Schedule.class, name = "schedule")
  })
  private interface BackoffShape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Authentication.None.class, name = "none"),
    @JsonSubTypes.Type(value = Authentication.Basic.class, name = "basic"),
    @JsonSubTypes.Type(value = Authentication.Bearer.class, name = "bearer"),
    @JsonSubTypes.Type(value = Authentication.ApiKey.class, name = "api_key"),
    @JsonSubTypes.Type(value = Authentication.OAuth2.class, name = "oauth2")
  })
  private interface AuthenticationShape {}
}
