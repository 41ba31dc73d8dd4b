// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import java.time.Instant;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * Stands for a defect of ours: the one collaborator that is asked all along the way of a delivery
 * throws when a certain method asks, as often as it is told to.
 */
final class DefectiveClock implements InstantSource {

  private String place = "";
  private int left;

  /** Replaces the worker's clock. */
  @Configuration(proxyBeanMethods = false)
  static class Setting {
    @Bean
    @Primary
    DefectiveClock defectiveClock() {
      return new DefectiveClock();
    }
  }

  /** The next answers to that method, {@code Class.method}, are exceptions. */
  synchronized void fail(String method, int times) {
    place = method;
    left = times;
  }

  /** Whether all of them were asked for. */
  synchronized boolean failed() {
    return left == 0;
  }

  @Override
  public Instant instant() {
    if (mustFail()) {
      throw new IllegalStateException("a defect");
    }
    return Instant.now();
  }

  private synchronized boolean mustFail() {
    if (left == 0 || !isAskedBy(place)) {
      return false;
    }
    left--;
    return true;
  }

  private static boolean isAskedBy(String method) {
    return StackWalker.getInstance()
        .walk(frames -> frames.map(DefectiveClock::name).anyMatch(method::equals));
  }

  private static String name(StackWalker.StackFrame frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
