// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import dev.postrider.api.problem.Problem;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Asks the issuer who it is at the first login, so that the service starts without it. */
final class LazyRegistration implements ReactiveClientRegistrationRepository {

  static final String ID = "postrider";

  private final Mono<ClientRegistration> registration;

  LazyRegistration(PortalSettings settings) {
    this.registration =
        Mono.fromCallable(() -> discover(settings))
            .subscribeOn(Schedulers.boundedElastic())
            .onErrorMap(e -> Problem.unavailable("the issuer is away; try again in a moment", e))
            .cacheInvalidateIf(registered -> !registered.getRegistrationId().equals(ID));
  }

  @Override
  public Mono<ClientRegistration> findByRegistrationId(String registrationId) {
    return ID.equals(registrationId) ? registration : Mono.empty();
  }

  private static ClientRegistration discover(PortalSettings settings) {
    return ClientRegistrations.fromIssuerLocation(settings.issuer().toString())
        .registrationId(ID)
        .clientId("portal")
        .clientSecret(settings.portalClientSecret())
        .scope("openid")
        .redirectUri(settings.redirectUri())
        .build();
  }
}
