// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Starts the delivery worker. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerSettings.class)
public class DeliveryWorker {

  /**
   * Reads its settings from the environment, see {@code docs/configuration.md}; or, while no worker
   * runs, moves what is under way to where the configured partition count wants it: {@code
   * repartition}.
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals(RepartitionCommand.NAME)) {
      System.exit(RepartitionCommand.run());
    }
    SpringApplication.run(DeliveryWorker.class, arguments);
  }
}
