// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.api.ApiIT;
import dev.postrider.client.ApiClient;
import dev.postrider.client.ApiException;
import dev.postrider.client.DeliveriesApi;
import dev.postrider.client.DestinationsApi;
import dev.postrider.client.EventsApi;
import dev.postrider.client.model.AuthenticationSettings;
import dev.postrider.client.model.AuthenticationType;
import dev.postrider.client.model.Destination;
import dev.postrider.client.model.DestinationPatch;
import dev.postrider.client.model.DestinationSettings;
import dev.postrider.client.model.DestinationStatus;
import dev.postrider.client.model.Filter;
import dev.postrider.client.model.HttpMethod;
import dev.postrider.client.model.NewEvent;
import dev.postrider.client.model.PayloadFormat;
import dev.postrider.client.model.PublishedEvent;
import dev.postrider.client.model.RetrySettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Java client that OpenAPI Generator makes of {@code docs/openapi.json}, typed throughout. */
class GeneratedClientIT extends ApiIT {

  private static final String TENANT = "generated";

  private ApiClient client;
  private DestinationsApi destinations;

  @BeforeEach
  void makeAClient() {
    client = new ApiClient();
    client.updateBaseUri("http://127.0.0.1:" + port);
    client.setRequestInterceptor(
        request ->
            request.header("Authorization", "Bearer " + tokens.of(TENANT + "/tenant_admin")));
    destinations = new DestinationsApi(client);
  }

  private Destination create(DestinationSettings settings) throws ApiException {
    return destinations.createDestination(
        settings.endpointUrl(URI.create("http://127.0.0.1:8085/hook")));
  }

  @Test
  void b24KeepsADestinationFromItsFirstDayToItsLast() throws ApiException {
    Destination made =
        create(
            new DestinationSettings()
                .name("typed")
                .eventTypes(List.of("incident.*"))
                .filters(List.of(new Filter().exact(Map.of("source", "/monitoring"))))
                .httpMethod(HttpMethod.PUT)
                .payloadFormat(PayloadFormat.RAW)
                .auth(
                    new AuthenticationSettings()
                        .type(AuthenticationType.BASIC)
                        .username("u")
                        .password("a long password")));

    assertThat(made.getStatus()).isEqualTo(DestinationStatus.ACTIVE);
    assertThat(made.getSigning().getSecret()).startsWith("whsec_");
    assertThat(made.getAuth().getPasswordLast4()).isEqualTo("word");
    assertThat(destinations.listDestinations(250, null).getItems())
        .extracting(Destination::getId)
        .contains(made.getId());

    Destination changed =
        destinations.patchDestination(
            made.getId(),
            new DestinationPatch().retry(new RetrySettings().maxAttempts(5)),
            "\"1\"");
    assertThat(changed.getRetry().getMaxAttempts()).isEqualTo(5);
    assertThat(changed)
        .usingRecursiveComparison()
        .ignoringFields("retry", "updatedAt", "signing")
        .isEqualTo(made);

    destinations.deleteDestination(made.getId(), null);
    assertThat(refusal(() -> destinations.getDestination(made.getId(), null)).getCode())
        .isEqualTo(404);
  }

  @Test
  void b24PublishesAnEventAndReadsItBack() throws ApiException {
    EventsApi events = new EventsApi(client);
    PublishedEvent published =
        events
            .publishEvents(
                "k-1", new NewEvent().type("incident.triggered").data(Map.of("title", "Disk full")))
            .getItems()
            .getFirst();

    assertThat(events.getEvent(published.getId(), null).getData())
        .isEqualTo(Map.of("title", "Disk full"));
    assertThat(events.getEvent(published.getId(), null).getCeId()).isEqualTo(published.getCeId());
    assertThat(new DeliveriesApi(client).getHealth().getDeliveries().getFailed()).isZero();
  }

  @Test
  void b24SaysWhatIsWrongWithARequest() {
    ApiException refusal = refusal(() -> create(new DestinationSettings().name("")));

    assertThat(refusal.getCode()).isEqualTo(400);
    assertThat(refusal.getResponseBody()).contains("\"field\":\"name\"");
  }

  private interface Call {
    void made() throws ApiException;
  }

  private static ApiException refusal(Call call) {
    return catchThrowableOfType(ApiException.class, call::made);
  }
}
