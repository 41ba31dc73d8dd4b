// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import dev.postrider.model.delivery.Outcome.Why;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends before, while and after its process has no file descriptor left; prints what came of it.
 */
final class OutOfFiles {

  private OutOfFiles() {}

  /**
   * Entry point.
   *
   * @param urls a receiver that closes after each request, and one that refuses connections
   */
  public static void main(String[] urls) throws IOException {
    System.out.println(Why.OVERLOADED); // its class is a file, too, unless it comes from a jar
    try (TestSender sender = new TestSender()) {
      String before = outcome(sender, urls[0]) + " " + outcome(sender, urls[1]);
      Deque<RandomAccessFile> files = takeAll();
      String during = outcome(sender, urls[0]);
      for (RandomAccessFile file : files) {
        file.close();
      }
      String after = outcome(sender, urls[0]);
      System.out.println(before + "\n" + during + "\n" + after);
    }
  }

  /** The first one loads the whole client, which takes a slow machine seconds. */
  private static String outcome(TestSender sender, String url) {
    return sender.send(url, Duration.ofSeconds(20)).outcome().toString();
  }

  private static Deque<RandomAccessFile> takeAll() {
    Deque<RandomAccessFile> files = new ArrayDeque<>();
    try {
      while (true) {
        files.add(new RandomAccessFile("/dev/null", "r"));
      }
    } catch (IOException _) {
      return files;
    }
  }
}
