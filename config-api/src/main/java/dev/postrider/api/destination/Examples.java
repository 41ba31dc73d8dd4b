// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.destination;

/** Documents for the API's description. */
final class Examples {

  static final String DESTINATION =
      """
      {
        "name": "Tenant SOC webhook",
        "endpoint_url": "https://example.com/hook",
        "enabled": true,
        "event_types": ["incident.*"],
        "filters": [{"exact": {"source": "/monitoring"}}],
        "http_method": "POST",
        "headers": [{"key": "X-Env", "value": "prod"}],
        "payload_format": "cloudevents_binary",
        "template": null,
        "content_sample": "{\\"fields\\":{}}",
        "timeout_seconds": 15,
        "auth": {"type": "none"},
        "signing": {"scheme": "standard_webhooks", "secret": null},
        "retry": {"strategy": "exponential", "interval_seconds": null, "multiplier": null,
          "max_interval_seconds": 86400, "schedule_seconds": null, "max_attempts": 10},
        "limits": {"max_in_flight": 64, "requests_per_second": null},
        "ordering": "none"
      }
      """;

  static final String PATCH =
      """
      {"event_types": ["incident.*", "alert.raised"], "retry": {"max_attempts": 5}}
      """;

  static final String BODY =
      "Only `name` and `endpoint_url` are required.\n\n"
          + "`event_types` are exact names, `prefix.*` or `*`, which is all but operational events:"
          + " those about Postrider's own work are wanted by name or as `postrider.*`. `filters`"
          + " must all match: the CloudEvents dialects `exact`, `prefix`, `suffix`, `all`, `any`,"
          + " `not` over attributes and, as `data.path.to.member`, over JSON data; what an event"
          + " does not have matches nothing but `not`.\n\n"
          + "`payload_format` is `cloudevents_binary`, `cloudevents_structured`,"
          + " `standard_webhooks`, `raw`, or `template` with a `template`.\n\n"
          + "`auth.type` is `none`, `basic` (`username`, `password`), `bearer` (`token`),"
          + " `api_key` (`header`, `value`) or `mtls`; `client_certificate` and `client_key` may"
          + " stand beside any. Secrets are never answered, only that they are there"
          + " (`password_set`); an absent one stays as long as its type does.\n\n"
          + "`signing.scheme` is one of `/api/v1/signing/schemes`, or `custom`. `ordering` is"
          + " `none`, or `fifo`: strictly in the order of the events' key, one request at a time,"
          + " younger events waiting behind a retry. `retry.strategy` is `exponential`, `fixed`"
          + " (with `interval_seconds`) or `schedule` (with `schedule_seconds`).";

  private Examples() {}
}
