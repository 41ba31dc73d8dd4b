// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

import dev.postrider.api.settings.DestinationRules;
import dev.postrider.model.egress.AddressRules;
import dev.postrider.model.egress.NameServers;
import dev.postrider.model.egress.Registration;
import dev.postrider.model.secret.ChainKey;
import dev.postrider.model.secret.SecretBox;
import dev.postrider.model.signature.SignatureSchemes;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The shared parts that destinations are judged and sealed with. */
@Configuration(proxyBeanMethods = false)
class DestinationParts {

  private static final Logger LOG = LoggerFactory.getLogger(DestinationParts.class);

  @Bean
  SecretBox secretBox(DestinationRules rules) {
    return SecretBox.open(Path.of(rules.keysetFile()));
  }

  @Bean
  ChainKey chainKey(DestinationRules rules) {
    return ChainKey.open(Path.of(rules.keysetFile()));
  }

  @Bean
  SignatureSchemes schemes(DestinationRules rules) {
    return SignatureSchemes.branded(rules.brand());
  }

  @Bean
  AddressRules addressRules(DestinationRules rules) {
    if (!rules.egressAllow().isBlank()) {
      LOG.warn("private networks that any tenant may reach: {}", rules.egressAllow());
    }
    return AddressRules.allowing(rules.egressAllow());
  }

  @Bean
  NameServers nameServers(DestinationRules rules) {
    return NameServers.of(rules.nameServers());
  }

  @Bean
  Registration registration(AddressRules addresses, NameServers servers) {
    return Registration.under(addresses, servers);
  }
}
