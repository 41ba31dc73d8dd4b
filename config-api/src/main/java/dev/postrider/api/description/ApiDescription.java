// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.description;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.postrider.api.access.Caller;
import dev.postrider.api.catalogue.Webhooks;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.OAuthFlow;
import io.swagger.v3.oas.models.security.OAuthFlows;
import io.swagger.v3.oas.models.security.Scopes;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.ServerWebExchange;

/**
 * What the OpenAPI document says beside the calls themselves. Bodies and problems are described
 * under {@code openapi/} in the resources, which handlers refer to.
 */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

  private static final TypeReference<Map<String, PathItem>> WEBHOOKS = new TypeReference<>() {};

  static {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class, ServerWebExchange.class);
  }

  @Bean
  OpenAPI openApi(@Value("${postrider.issuer}") String issuer) {
    return new OpenAPI()
        .info(
            new Info()
                .title("Postrider")
                .version("v1")
                .description(
                    "Webhook delivery: say where events should go, publish them, see what became"
                        + " of them. Errors are RFC 9457 problems; invalid input gets all its"
                        + " violations at once in `errors`. Every answer to a caller who is known"
                        + " has `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`;"
                        + " `X-Request-Id` is what the audit trail calls `request_id`."))
        .components(DescribedComponents.read().addSecuritySchemes("login", login(issuer)))
        .addSecurityItem(new SecurityRequirement().addList("bearer"))
        .addSecurityItem(new SecurityRequirement().addList("login"));
  }

  @Bean
  OperationCustomizer describedCalls() {
    return DescribedCalls::complete;
  }

  @Bean
  OpenApiCustomizer describedDocument() {
    return ApiDescription::complete;
  }

  /** Springdoc has dropped the schemas that no path refers to; webhooks do. */
  private static void complete(OpenAPI document) {
    DescribedComponents.read()
        .getSchemas()
        .forEach(document.getComponents().getSchemas()::putIfAbsent);
    DescribedCalls.complete(document.webhooks(webhooks()));
  }

  private static Map<String, PathItem> webhooks() {
    try {
      return Json31.mapper().readValue(Webhooks.operational().toString(), WEBHOOKS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecurityScheme login(String issuer) {
    return new SecurityScheme()
        .type(SecurityScheme.Type.OAUTH2)
        .flows(
            new OAuthFlows()
                .authorizationCode(
                    new OAuthFlow()
                        .authorizationUrl(issuer + "/oauth2/authorize")
                        .tokenUrl(issuer + "/oauth2/token")
                        .scopes(new Scopes().addString("openid", "who you are"))));
  }
}
