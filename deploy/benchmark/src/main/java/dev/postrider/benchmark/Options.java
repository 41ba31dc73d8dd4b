// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command line, as CONTRACT.md §6 has it; every number is left to the scenario unless given.
 *
 * @param json where the result goes, and its picture beside it
 * @param jfr whether the worker is recorded, and a summary printed
 */
record Options(String scenario, Map<String, Integer> numbers, Optional<Path> json, boolean jfr) {

  static final String USAGE =
      """
      deploy/bench SCENARIO [--seconds N] [--rate N] [--payload BYTES] [--destinations N]
                            [--events N] [--warm-up N] [--runs N] [--json FILE] [--jfr]
      SCENARIO is one of %s, or all.
      """;

  private static final Set<String> NUMBERS =
      Set.of(
          "--seconds", "--rate", "--payload", "--destinations", "--runs", "--events", "--warm-up");
  private static final int LARGEST_PAYLOAD = 256 * 1024;

  Options {
    numbers = Map.copyOf(numbers);
  }

  /** Throws IllegalArgumentException, which says what is wrong, for a person at a terminal. */
  static Options parse(List<String> words) {
    Deque<String> left = new ArrayDeque<>(words);
    String scenario = "";
    var numbers = new HashMap<String, Integer>();
    var json = Optional.<Path>empty();
    var jfr = false;
    while (!left.isEmpty()) {
      var word = left.remove();
      if (NUMBERS.contains(word)) {
        numbers.put(word.substring(2), number(word, left.poll()));
      } else if (word.equals("--json")) {
        json = Optional.of(Path.of(required(word, left.poll())).toAbsolutePath());
      } else if (word.equals("--jfr")) {
        jfr = true;
      } else if (word.startsWith("-") || !scenario.isEmpty()) {
        throw new IllegalArgumentException("deploy/bench does not know '%s'".formatted(word));
      } else {
        scenario = word;
      }
    }
    return new Options(scenario, numbers, json, jfr);
  }

  int seconds(int usual) {
    return numbers.getOrDefault("seconds", usual);
  }

  int rate(int usual) {
    return numbers.getOrDefault("rate", usual);
  }

  int runs(int usual) {
    return numbers.getOrDefault("runs", usual);
  }

  int destinations(int usual) {
    return numbers.getOrDefault("destinations", usual);
  }

  int events(int usual) {
    return numbers.getOrDefault("events", usual);
  }

  /** How many events are delivered before anything counts. */
  int warmUp(int usual) {
    return numbers.getOrDefault("warm-up", usual);
  }

  /** Length of the events' data, in bytes. */
  int payload() {
    return Math.min(LARGEST_PAYLOAD, numbers.getOrDefault("payload", 1024));
  }

  private static int number(String word, String text) {
    if (!required(word, text).matches("[1-9]\\d{0,7}")) {
      throw new IllegalArgumentException(
          "%s takes a number from 1 to 99999999: was '%s'".formatted(word, text));
    }
    return Integer.parseInt(text);
  }

  private static String required(String word, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("%s needs a value".formatted(word));
    }
    return value;
  }
}
