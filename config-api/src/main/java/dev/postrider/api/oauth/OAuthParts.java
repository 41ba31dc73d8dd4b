// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.oauth;

import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.AddressVerdict;
import dev.postrider.model.egress.GuardedHttpClient;
import dev.postrider.model.egress.NameServers;
import dev.postrider.model.egress.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one client for what tenants can aim. */
@Configuration(proxyBeanMethods = false)
class OAuthParts {

  private static final int MOST_CONNECTIONS = 20;

  @Bean(destroyMethod = "close")
  GuardedHttpClient issuers(AddressRules addresses, NameServers servers, MeterRegistry meters) {
    for (Stage stage : Stage.values()) {
      for (AddressVerdict why : AddressVerdict.values()) {
        count(meters, stage, why, 0);
      }
    }
    return GuardedHttpClient.create(
        addresses, servers, (stage, why) -> count(meters, stage, why, 1), MOST_CONNECTIONS);
  }

  private static void count(MeterRegistry meters, Stage stage, AddressVerdict why, int times) {
    meters
        .counter(
            "postrider.egress.refused",
            "stage",
            stage.label(),
            "why",
            why.name().toLowerCase(Locale.ROOT))
        .increment(times);
  }
}
