// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.route;

import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.event.PlatformEvent;
import dev.postrider.worker.directory.Directory;
import java.util.List;

/** One event → its deliveries, one for each destination that wants it. */
final class Router {

  private final Directory directory;

  Router(Directory directory) {
    this.directory = directory;
  }

  List<Delivery> route(PlatformEvent event) {
    return directory.wanting(event).stream()
        .map(destination -> Delivery.first(event, destination.id()))
        .toList();
  }
}
