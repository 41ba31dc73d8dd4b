// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.portal;

import dev.postrider.api.access.Caller;
import dev.postrider.api.access.CallerToken;
import dev.postrider.api.access.Role;
import dev.postrider.api.delivery.Health;
import dev.postrider.api.destination.DestinationOverview;
import dev.postrider.api.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.reactive.result.view.Rendering;
import reactor.core.publisher.Mono;

/** The first page: a tenant's destinations and how its deliveries fare. */
@Controller
class IntegrationsPage {

  private final Health health;
  private final DestinationOverview destinations;

  IntegrationsPage(Health health, DestinationOverview destinations) {
    this.health = health;
    this.destinations = destinations;
  }

  @GetMapping({"/", "/portal"})
  Rendering home() {
    return Rendering.redirectTo("/portal/configuration/integrations").build();
  }

  @GetMapping("/portal/configuration/integrations")
  Mono<Rendering> show(@AuthenticationPrincipal OidcUser user) {
    Caller caller = CallerToken.of(user.getClaims()).getPrincipal();
    refuseStrangers(caller);
    return health
        .of(caller.tenant())
        .zipWith(destinations.lines(caller.tenant()))
        .map(both -> page(user, caller, both.getT1(), both.getT2()));
  }

  private static void refuseStrangers(Caller caller) {
    boolean reads =
        caller.roles().stream()
            .anyMatch(List.of(Role.TENANT_ADMIN, Role.OPERATOR, Role.AUDITOR)::contains);
    if (caller.home() == null || !reads) {
      throw Problem.of(HttpStatus.FORBIDDEN, "your role does not allow this page");
    }
  }

  private static Rendering page(
      OidcUser user, Caller caller, Health.Numbers numbers, List<DestinationOverview.Line> lines) {
    return Rendering.view("integrations")
        .modelAttribute("name", user.getName())
        .modelAttribute("tenant", caller.tenant().value())
        .modelAttribute("roles", names(caller))
        .modelAttribute("health", numbers)
        .modelAttribute("destinations", lines)
        .build();
  }

  private static String names(Caller caller) {
    return caller.roles().stream()
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
