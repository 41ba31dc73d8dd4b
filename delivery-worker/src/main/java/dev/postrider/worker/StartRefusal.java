// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import dev.postrider.model.secret.KeysetRefusedException;
import dev.postrider.model.wire.UnfitTopicsException;
import dev.postrider.worker.crash.UnknownCrashPointException;
import dev.postrider.worker.repartition.LayoutRefusedException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in one line why the worker does not start, instead of a stack trace. */
final class StartRefusal implements FailureAnalyzer {

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String remedy = remedy(cause);
      if (remedy != null) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), remedy, failure);
      }
    }
    return null;
  }

  private static @Nullable String remedy(Throwable cause) {
    return switch (cause) {
      case KeysetRefusedException _ ->
          "Point POSTRIDER_KEYSET_FILE at the keyset, mode 0400. The first time, config-api makes one:"
              + " java -jar config-api.jar create-keyset FILE";
      case UnknownCrashPointException _ -> "Correct -Dpostrider.crash-at, or leave it out.";
      case UnfitTopicsException _ ->
          "Correct the topics, or POSTRIDER_PARTITIONS where that is what is wrong. To have more"
              + " partitions, stop every worker and run: java -jar delivery-worker.jar repartition";
      case LayoutRefusedException _ ->
          "With every worker stopped, and POSTRIDER_PARTITIONS a multiple of what it was, run:"
              + " java -jar delivery-worker.jar repartition";
      case KafkaException _, ExecutionException _ -> "Check that Kafka runs, and POSTRIDER_KAFKA.";
      default -> null;
    };
  }
}
