// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** An issuer of its own, with one key. */
@TestConfiguration(proxyBeanMethods = false)
public class TestTokens {

  private static final RSAKey KEY = key();

  @Bean
  ReactiveJwtDecoder testTokens() throws JOSEException {
    return NimbusReactiveJwtDecoder.withPublicKey(KEY.toRSAPublicKey()).build();
  }

  private final Map<String, String> known = new ConcurrentHashMap<>();

  /** A token for {@code tenant/role}; {@code -/role} is of no tenant. */
  public String of(String user) {
    return known.computeIfAbsent(user, TestTokens::signed);
  }

  private static String signed(String user) {
    String[] parts = user.split("/");
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(parts[1] + "@" + parts[0])
            .claim("tenant", parts[0])
            .claim("roles", List.of(parts[1]))
            .expirationTime(Date.from(Instant.now().plusSeconds(86_400)))
            .build();
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
      token.sign(new RSASSASigner(KEY));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
