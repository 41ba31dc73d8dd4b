// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local;

import dev.postrider.local.process.FreePorts;
import dev.postrider.local.process.PartFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a stack is made of: where it lives, and the {@code POSTRIDER_*} variables that say which
 * ports it uses, what is supplied from outside, and how many workers it has.
 */
public record Settings(Home home, Map<String, String> environment) {

  public Settings {
    environment = Map.copyOf(environment);
  }

  /** The stack of {@code deploy/up}: the caller's environment, and the usual ports. */
  public static Settings of(Home home, Map<String, String> environment) {
    return new Settings(home, environment);
  }

  /** A stack that disturbs nobody: every port is one that was free a moment ago. */
  public static Settings onFreePorts(Home home) {
    var ports =
        Stream.of(Variable.values())
            .collect(Collectors.toMap(Variable::variable, _ -> "" + FreePorts.any()));
    return of(home, ports);
  }

  public Settings with(String variable, String value) {
    var changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new Settings(home, changed);
  }

  /** The same stack less the given parts; {@code worker} stands for all workers. */
  public Settings without(String... parts) {
    return with("POSTRIDER_WITHOUT", String.join(",", parts));
  }

  boolean leavesOut(String part) {
    var left = List.of(get("POSTRIDER_WITHOUT").orElse("").split(","));
    return left.contains(part.replaceFirst("-\\d+$", ""));
  }

  public int port(Variable which) {
    return number(which.variable(), which.usual, 1, 65535);
  }

  int workers() {
    return number("POSTRIDER_WORKERS", 1, 0, 64);
  }

  /** Kafka's bootstrap servers, when the broker is somebody else's. */
  Optional<String> suppliedKafka() {
    return supplied("POSTRIDER_KAFKA", ownKafka());
  }

  /** The database's URL, when the database is somebody else's. */
  Optional<String> suppliedPostgres() {
    return supplied("POSTRIDER_POSTGRES", ownPostgres());
  }

  String kafka() {
    return suppliedKafka().orElse(ownKafka());
  }

  String postgres() {
    return suppliedPostgres().orElse(ownPostgres());
  }

  String issuer() {
    return url(Variable.ISSUER);
  }

  /** Where browsers and vendors reach config-api. */
  String publicBaseUrl() {
    return get("POSTRIDER_PUBLIC_BASE_URL").orElse(url(Variable.API));
  }

  String url(Variable which) {
    return "http://127.0.0.1:" + port(which);
  }

  /** The demo receiver, which is on a private address, and what the caller allows besides. */
  String egressAllow() {
    var receiver = "127.0.0.1/32:" + port(Variable.RECEIVER);
    return get("POSTRIDER_EGRESS_ALLOW").map(more -> receiver + "," + more).orElse(receiver);
  }

  /** Flags for a JVM, separated by blanks; none unless set. */
  List<String> javaOptions(String variable) {
    return get(variable).map(flags -> List.of(flags.trim().split("\\s+"))).orElse(List.of());
  }

  Optional<String> get(String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
  }

  private String ownKafka() {
    return "127.0.0.1:" + port(Variable.KAFKA);
  }

  private String ownPostgres() {
    return "postgresql://postrider:postrider@127.0.0.1:%d/postrider"
        .formatted(port(Variable.POSTGRES));
  }

  /** A shell that has sourced local.env hands our own address back to us: that is not supplied. */
  private Optional<String> supplied(String variable, String own) {
    return get(variable).filter(value -> !value.equals(own));
  }

  private int number(String variable, int usual, int least, int most) {
    var text = get(variable).orElse("" + usual);
    return IntStream.of(parse(text))
        .filter(number -> least <= number && number <= most)
        .findFirst()
        .orElseThrow(
            () ->
                new PartFailure(
                    "%s must be a number from %d to %d: was '%s'"
                        .formatted(variable, least, most, text)));
  }

  private static int parse(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  /** The ports of CONTRACT.md §1. */
  public enum Variable {
    API(8080),
    API_MANAGEMENT(8081),
    WORKER_MANAGEMENT(8082),
    RECEIVER(8085),
    ISSUER(9000),
    KAFKA(19092),
    POSTGRES(15432);

    private final int usual;

    Variable(int usual) {
      this.usual = usual;
    }

    /** The environment variable that moves the port. */
    public String variable() {
      return "POSTRIDER_" + name() + "_PORT";
    }
  }
}
