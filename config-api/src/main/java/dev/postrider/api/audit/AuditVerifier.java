// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.audit;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/** Looks whether audit trails are what was written, and says where they are not. */
@Component
@Import({Chain.class, Chains.class})
public final class AuditVerifier {

  private final Chains chains;

  AuditVerifier(Chains chains) {
    this.chains = chains;
  }

  /**
   * Prints a line for each tenant, {@code acme: 42 entries, head 42 9f86…: OK}, or one for each
   * thing that is wrong behind it. Answers whether all is well.
   *
   * @param tenant null for all; nothing can be said of one that nothing is known of
   * @param log lines among which there may be checkpoints
   */
  public boolean verify(@Nullable String tenant, List<String> log, PrintStream out) {
    Map<String, List<Checkpoint>> checkpoints =
        log.stream()
            .map(Checkpoint::in)
            .flatMap(Optional::stream)
            .distinct()
            .collect(Collectors.groupingBy(Checkpoint::tenant));
    Set<String> tenants = tenant == null ? all(checkpoints.keySet()) : Set.of(tenant);
    boolean well = true;
    for (String each : tenants) {
      well &= walk(each, checkpoints.getOrDefault(each, List.of()), out);
    }
    return well;
  }

  private Set<String> all(Set<String> ofCheckpoints) {
    Set<String> tenants = new TreeSet<>(ofCheckpoints);
    tenants.addAll(chains.heads().blockOptional().orElseThrow().keySet());
    return tenants;
  }

  private boolean walk(String tenant, List<Checkpoint> checkpoints, PrintStream out) {
    ChainWalk walk = chains.walk(tenant, checkpoints).blockOptional().orElseThrow();
    if (walk.entries() == 0 && checkpoints.isEmpty()) {
      throw new IllegalArgumentException("there is no entry of a tenant '%s'".formatted(tenant));
    }
    List<Finding> findings = walk.findings();
    out.printf(
        "%s: %d entries, head %d %s: %s%n",
        tenant,
        walk.entries(),
        walk.head().sequence(),
        walk.head().hash(),
        findings.isEmpty() ? "OK" : "WRONG");
    findings.forEach(finding -> out.println("  " + finding));
    return findings.isEmpty();
  }
}
