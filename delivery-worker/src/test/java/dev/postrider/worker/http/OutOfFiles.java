// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.http;

import java.io.IOException;
import java.io.RandomAccessFile;
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
    try (TestSender sender = new TestSender()) {
      String before = sender.outcome(urls[0]) + " " + sender.outcome(urls[1]);
      Deque<RandomAccessFile> files = takeAll();
      String during = sender.outcome(urls[0]).toString();
      for (RandomAccessFile file : files) {
        file.close();
      }
      String after = sender.outcome(urls[0]).toString();
      System.out.println(before + "\n" + during + "\n" + after);
    }
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
