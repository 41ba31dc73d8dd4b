// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.Report;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.destination.Limits;
import dev.postrider.model.event.EventId;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.wire.DeliveryCodec;
import dev.postrider.model.wire.Topics;
import dev.postrider.worker.HerdReceiver.Arrival;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HARDENING K19: a worker comes back after an outage and finds thousands of retries due, while
 * fresh events go on.
 *
 * <pre>
 *   paced     has a rate    half of the herd and every fresh event
 *   unpaced   has none      the other half and every fresh event
 *   bystander               every fresh event
 * </pre>
 */
class HerdIT {

  private static final Logger LOG = LoggerFactory.getLogger(HerdIT.class);

  private static final String HERD = "herd";
  private static final String FRESH = "fresh";
  private static final double RATE = 200;
  private static final int FRESH_A_SECOND = 20;
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /** Long enough for a window to be seen growing: some round trips from 4 to 64. */
  private static final Duration RECEIVER_TAKES = Duration.ofMillis(30);

  /** The gate's own tolerance is 25 ms; one request each because both ends count. */
  private static final int MOST_BEGUN = (int) (RATE * 1.025) + 2;

  /**
   * A request begun on time may arrive 250 ms late, since receiver, broker and worker share the
   * machine: that many more may arrive within a second than were begun in it.
   */
  private static final int MOST_ARRIVED = (int) (MOST_BEGUN + RATE / 4);

  private final AtomicInteger published = new AtomicInteger();

  @Test
  void k19SpreadsThreeThousandRetriesThatAreDueAtOnce() throws Exception {
    stampede(1_500);
  }

  @Test
  @Tag("soak")
  void k19SpreadsFiftyThousandRetriesThatAreDueAtOnce() throws Exception {
    stampede(25_000);
  }

  private void stampede(int each) throws Exception {
    try (HerdReceiver paced = new HerdReceiver(RECEIVER_TAKES);
        HerdReceiver unpaced = new HerdReceiver(RECEIVER_TAKES);
        HerdReceiver bystander = new HerdReceiver(RECEIVER_TAKES);
        TestWorker before = TestWorker.start()) {
      DestinationId slow = before.alsoSubscribe(paced.url(), new Limits(64, RATE));
      DestinationId quick = before.alsoSubscribe(unpaced.url(), Limits.DEFAULT);
      before.alsoSubscribe(bystander.url(), Limits.DEFAULT);
      served(before, bystander);
      try (TestWorker worker = before.restarted(() -> gather(before, each, slow, quick))) {
        Instant serving = served(worker, bystander);
        publishBeside(worker, () -> arrived(each, paced, unpaced));

        await().atMost(A_SECOND.multipliedBy(10)).until(() -> allFresh(paced, unpaced, bystander));
        assertSpread(worker, slow, paced);
        assertRamp(unpaced);
        for (HerdReceiver receiver : List.of(paced, unpaced, bystander)) {
          assertOnce(receiver, receiver == bystander ? 0 : each);
          assertAtOnce(receiver, serving);
        }
      }
    }
  }

  /** As a worker would have written them six hours ago, due within two seconds from now. */
  private static void gather(TestWorker worker, int each, DestinationId... destinations)
      throws Exception {
    RetryTiers.Tier tier = RetryTiers.DEFAULT.tiers().getFirst();
    Instant now = Instant.now();
    for (int number = 0; number < each; number++) {
      Instant due = now.plusMillis(2_000L * number / each);
      for (DestinationId destination : destinations) {
        Delivery delivery =
            Delivery.first(
                    worker.ours(TestEvents.of(HERD, "{}")).at(new EventId(now, 0, number)),
                    destination)
                .waiting(2, new Decision.Parked(due, Decision.Why.RETRY));
        worker.sendSoon(DeliveryCodec.write(Topics.retry(tier), delivery, due.minus(tier.delay())));
      }
    }
    worker.flush();
  }

  /** From when on the worker serves anybody at all. */
  private Instant served(TestWorker worker, HerdReceiver bystander) {
    publishFresh(worker);
    await().atMost(Duration.ofSeconds(20)).until(() -> bystander.count() == published.get());
    return Instant.now();
  }

  private void publishFresh(TestWorker worker) {
    worker.publishSoon(TestEvents.of(FRESH, "{}"));
    published.incrementAndGet();
  }

  private void publishBeside(TestWorker worker, Callable<Boolean> enough) {
    ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    long apart = TimeUnit.SECONDS.toMicros(1) / FRESH_A_SECOND;
    publisher.scheduleAtFixedRate(() -> publishFresh(worker), 0, apart, TimeUnit.MICROSECONDS);
    try {
      await().atMost(Duration.ofMinutes(6)).pollInterval(A_SECOND).until(enough);
    } finally {
      publisher.close();
    }
  }

  private static boolean arrived(int each, HerdReceiver... receivers) {
    return IntStream.range(0, receivers.length)
        .allMatch(at -> receivers[at].arrivals(HERD).size() >= each);
  }

  private boolean allFresh(HerdReceiver... receivers) {
    return List.of(receivers).stream()
        .allMatch(receiver -> receiver.arrivals(FRESH).size() >= published.get());
  }

  /** The rate holds for all requests together, by the worker's clock and by the receiver's. */
  private static void assertSpread(TestWorker worker, DestinationId id, HerdReceiver receiver) {
    List<Report> reports =
        worker.reports(
            report -> report.destination().equals(id) && report.attempt() != null,
            receiver.count());
    int begun = mostInASecond(reports.stream().map(one -> one.attempt().startedAt()).toList());
    List<Instant> times = receiver.arrivals().stream().map(Arrival::at).toList();
    int arrived = mostInASecond(times);
    Duration took = Duration.between(times.getFirst(), times.getLast());
    LOG.info("{} requests at {}/s took {}", times.size(), RATE, took);
    LOG.info("within any second: {} begun at most, {} arrived", begun, arrived);
    assertThat(begun).isLessThanOrEqualTo(MOST_BEGUN);
    assertThat(arrived).isLessThanOrEqualTo(MOST_ARRIVED);
  }

  private static int mostInASecond(List<Instant> times) {
    List<Instant> sorted = times.stream().sorted().toList();
    int most = 0;
    int first = 0;
    for (int last = 0; last < sorted.size(); last++) {
      while (!sorted.get(first).plus(A_SECOND).isAfter(sorted.get(last))) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  /** The window is 4 and grows by one with each answer: however many are due, no more are open. */
  private static void assertRamp(HerdReceiver receiver) {
    List<Arrival> arrivals = receiver.arrivals(HERD);
    Instant first = arrivals.getFirst().at();
    LOG.info(
        "arrived within 30, 60, … 300 ms of the first: {}",
        IntStream.rangeClosed(1, 10)
            .map(trip -> arrivedBy(first.plus(RECEIVER_TAKES.multipliedBy(trip)), arrivals))
            .boxed()
            .toList());
    assertThat(arrivals)
        .allSatisfy(
            one -> assertThat(one.open()).isLessThanOrEqualTo(Math.min(4 + one.answered(), 64)));
  }

  private static int arrivedBy(Instant time, List<Arrival> arrivals) {
    return (int) arrivals.stream().filter(one -> one.at().isBefore(time)).count();
  }

  private void assertOnce(HerdReceiver receiver, int herd) {
    assertThat(receiver.arrivals()).extracting(Arrival::id).doesNotHaveDuplicates();
    assertThat(receiver.arrivals(HERD)).hasSize(herd);
    assertThat(receiver.arrivals(FRESH)).hasSize(published.get());
  }

  /** Measured while the herd goes by, and not diluted by the calm after it. */
  private static void assertAtOnce(HerdReceiver receiver, Instant serving) {
    Instant end =
        receiver.arrivals(HERD).stream()
            .map(Arrival::at)
            .max(Comparator.naturalOrder())
            .orElse(Instant.MAX);
    List<Duration> latencies =
        receiver.arrivals(FRESH).stream()
            .filter(one -> one.published().isAfter(serving) && one.published().isBefore(end))
            .map(Arrival::latency)
            .sorted()
            .toList();
    Duration median = latencies.get(latencies.size() / 2);
    Duration p99 = latencies.get(latencies.size() * 99 / 100);
    LOG.info("{} fresh events beside it: median {}, p99 {}", latencies.size(), median, p99);
    assertThat(p99).isLessThan(Duration.ofSeconds(2));
  }
}
