// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.model.delivery.DeliveryId;
import dev.postrider.model.destination.HttpRequestSettings;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.model.signature.SignatureScheme.BodyForm;
import dev.postrider.model.template.Template;
import dev.postrider.model.template.TemplateFailedException;
import org.jspecify.annotations.Nullable;

/**
 * How one destination wants its requests filled. Made once, used for many events, by many threads.
 */
public final class ContentFormat {

  private final HttpRequestSettings settings;
  private final BodyForm form;

  /** Compiled by whoever needs it first: that takes as long as rendering does. */
  private volatile @Nullable Template template;

  /**
   * A format.
   *
   * @param form what the signature scheme asks of bodies
   */
  public ContentFormat(HttpRequestSettings settings, BodyForm form) {
    this.settings = settings;
    this.form = form;
  }

  /** Whether filling takes time: then it is not for a thread that serves others. */
  public boolean slow() {
    return settings.template() != null && Content.hasBody(settings);
  }

  /**
   * What goes into the request about this event.
   *
   * @throws TemplateFailedException when the destination's template makes nothing of it
   */
  public Content fill(PlatformEvent event, DeliveryId delivery) {
    return Content.of(event, settings, form, () -> rendered(event, delivery));
  }

  private byte[] rendered(PlatformEvent event, DeliveryId delivery) {
    return compiled().render(TemplateValues.of(event, delivery)).getBytes(UTF_8);
  }

  private Template compiled() {
    Template known = template;
    if (known == null) {
      known = Template.compile(String.valueOf(settings.template()));
      template = known;
    }
    return known;
  }
}
