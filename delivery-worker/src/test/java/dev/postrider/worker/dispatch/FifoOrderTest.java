// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker.dispatch;

import static dev.postrider.worker.TestDeliveries.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.model.delivery.Attempt;
import dev.postrider.model.delivery.Backlog;
import dev.postrider.model.delivery.Decision;
import dev.postrider.model.delivery.Delivery;
import dev.postrider.model.delivery.DeliveryState;
import dev.postrider.model.delivery.HeaderLines;
import dev.postrider.model.delivery.Outcome;
import dev.postrider.model.delivery.Place;
import dev.postrider.model.destination.Authentication;
import dev.postrider.model.destination.Destination;
import dev.postrider.model.destination.DestinationId;
import dev.postrider.model.retry.RetryTiers;
import dev.postrider.model.secret.Sealed;
import dev.postrider.worker.TestDeliveries;
import dev.postrider.worker.TestDestinations;
import dev.postrider.worker.dispatch.Backlogs.Change;
import dev.postrider.worker.http.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order of a FIFO destination through failures and crashes at any moment: random histories of a
 * receiver that fails, a worker that dies between any two writes, and records that come back in any
 * order, played against the real lane and its backlog.
 */
class FifoOrderTest {

  private static final int DELIVERIES = 30;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 10, 30})
  void keepsTheOrderThroughFailuresAndCrashesAndNeverStalls(int crashesPerThousandSteps) {
    for (int seed = 0; seed < 300; seed++) {
      World world = new World(new Random(seed), crashesPerThousandSteps);

      world.playToTheEnd();

      assertThat(world.finished).as("seed %d", seed).hasSize(DELIVERIES);
      assertThat(world.violations).as("seed %d", seed).isEmpty();
    }
  }

  /**
   * Those that wait for a token keep their place, whoever refuses it and whenever another comes.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 30})
  void keepsTheOrderWhileTokensComeAndGo(int crashesPerThousandSteps) {
    int waits = 0;
    for (int seed = 0; seed < 40; seed++) {
      World world = new World(new Random(seed), crashesPerThousandSteps, new Issuer());

      world.playToTheEnd();

      assertThat(world.finished).as("seed %d", seed).hasSize(DELIVERIES);
      assertThat(world.violations).as("seed %d", seed).isEmpty();
      waits += world.waitsForToken;
    }
    assertThat(waits).isGreaterThan(200);
  }

  /** However steadily more comes, and each a little after the one before. */
  @ParameterizedTest
  @ValueSource(ints = {50, 100, 300, 500, 900})
  void catchesUpSoonAfterTheReceiverHasRecovered(int millisBetweenEvents) {
    World world = new World(new Random(0), 0);

    Duration late = world.catchUpAfter(Duration.ofSeconds(20), millisBetweenEvents);

    assertThat(late).isLessThan(Duration.ofSeconds(20));
    assertThat(world.violations).isEmpty();
  }

  /** What waits for our own hands is not put off because others come. */
  @Test
  void keepsTheHeadInLineThatWaitsForAHandWhenANewOneComes() {
    Queue queue = new Queue(new Backlog(-1, 0));
    Flights flights = new Flights(1);
    List<Flights.Flight> others =
        Stream.generate(() -> flights.begin(true, NOON)).limit(24).toList();
    Receiver receiver = new Receiver(TestDeliveries.fifo(), null, null, Instant.MAX);
    FifoLane lane = new FifoLane(receiver, RetryTiers.DEFAULT, flights, () -> 1, NOON, () -> queue);
    Decision.Parked parked = new Decision.Parked(NOON, Decision.Why.RETRY);
    Delivery back = TestDeliveries.numbered(0).behind(Place.NOBODY).waiting(2, parked);
    Work head = new Work(back, new Source(back), NOON);
    Work fresh = new Work(TestDeliveries.numbered(1), new Source(back), NOON).inOrder();

    assertThat(lane.offer(head, NOON)).isInstanceOf(Lane.Answer.Wait.class);
    assertThat(lane.offer(fresh, NOON)).isInstanceOf(Lane.Answer.Wait.class);
    others.forEach(flights::end);
    assertThat(lane.next(NOON)).isEqualTo(head);
  }

  /** In flight when a worker died, and by now there is no token to send it with. */
  @Test
  void putsNobodyOffBehindThoseWhoWaitForHim() {
    Queue queue = new Queue(new Backlog(0, 3));
    Receiver receiver =
        new Receiver(
            TestDestinations.with(TestDeliveries.fifo(), new Authentication.OAuth2(null, null)),
            null,
            null,
            Instant.MAX);
    FifoLane lane =
        new FifoLane(receiver, RetryTiers.DEFAULT, new Flights(1), () -> 1, NOON, () -> queue);
    Delivery first = TestDeliveries.numbered(1);

    Lane.Answer answer = lane.offer(new Work(first, new Source(first), NOON).inOrder(), NOON);

    assertThat(answer)
        .isInstanceOfSatisfying(
            Lane.Answer.Park.class, park -> assertThat(park.behind()).isEqualTo(Place.NOBODY));
  }

  /** A record that can be read again until it has settled. */
  private static final class Source implements Claim {
    private final Delivery delivery;
    private boolean settled;

    Source(Delivery delivery) {
      this.delivery = delivery;
    }

    /** As the journal knows it. */
    String key() {
      return delivery.place().number() + "|" + delivery.attempt() + "|" + delivery.due();
    }

    @Override
    public boolean start() {
      return true;
    }

    @Override
    public boolean held() {
      return true;
    }

    @Override
    public void settle() {
      settled = true;
    }
  }

  /** Whose tokens a receiver takes, until it does not. */
  private static final class Issuer {
    private int token;
    private boolean lost;
    private int newestRefused = -1;

    /** Whether there is another snapshot of the destination. */
    boolean changes(Random random) {
      switch (random.nextInt(100)) {
        case 0 -> newestRefused = token;
        case 1 -> lost = true;
        case 2, 3, 4 -> {
          token++;
          lost = false;
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    Authentication authentication() {
      return new Authentication.OAuth2(lost ? null : new Sealed("%08d".formatted(token)), null);
    }

    boolean refuses(Authentication shown) {
      return shown instanceof Authentication.OAuth2(Sealed sealed, _)
          && Integer.parseInt(sealed.base64()) <= newestRefused;
    }
  }

  private record Reported(Decision decision, Long behind) {}

  /** Kafka, a receiver and one worker after the other. */
  private static final class World {
    private final Random random;
    private final int crashes;
    private final List<Source> log = new ArrayList<>();
    private final Map<String, Reported> reports = new HashMap<>();
    private final Set<Long> finished = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private Backlog written;
    private long lastSent = -1;
    private Instant now = NOON;

    private final Backlogs backlogs = new Backlogs();
    private final Deque<Runnable> writes = new ArrayDeque<>();
    private final Set<Source> taken = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private FifoLane lane;
    private Work inFlight;

    private final Issuer issuer;
    private Receiver receiver;
    private Receiver asked;
    private int waitsForToken;

    World(Random random, int crashes) {
      this(random, crashes, null);
    }

    /** Without an issuer the destination wants no token. */
    World(Random random, int crashes, Issuer issuer) {
      this.random = random;
      this.crashes = crashes;
      this.issuer = issuer;
      this.receiver = receiver();
      start();
    }

    private Receiver receiver() {
      Destination usual = TestDeliveries.fifo();
      Destination one =
          issuer == null ? usual : TestDestinations.with(usual, issuer.authentication());
      return new Receiver(one, null, null, Instant.MAX);
    }

    void playToTheEnd() {
      int published = 0;
      for (int step = 0; step < 50_000 && finished.size() < DELIVERIES; step++) {
        if (published < DELIVERIES && random.nextInt(4) == 0) {
          log.add(new Source(TestDeliveries.numbered(published++)));
        }
        if (step < 2_000 && random.nextInt(1000) < crashes) {
          start();
        }
        if (issuer != null && issuer.changes(random)) {
          receiver = receiver();
        }
        switch (random.nextInt(4)) {
          case 0 -> takeNext();
          case 1 -> answer();
          case 2 -> Optional.ofNullable(writes.poll()).ifPresent(Runnable::run);
          default -> pass(Duration.ofMillis(random.nextInt(issuer == null ? 200 : 2000)));
        }
      }
    }

    /** Nothing is accepted for that long, then everything; answers when nothing waits any more. */
    Duration catchUpAfter(Duration outage, int millisBetweenEvents) {
      Instant recovered = now.plus(outage);
      for (int millis = 0; millis < 200_000; millis += 10) {
        if (millis % millisBetweenEvents == 0) {
          log.add(new Source(TestDeliveries.numbered(millis / millisBetweenEvents)));
        }
        ready().forEach(this::take);
        if (inFlight != null) {
          ended(!now.isBefore(recovered));
        }
        while (!writes.isEmpty()) {
          writes.poll().run();
        }
        pass(Duration.ofMillis(10));
        if (now.isAfter(recovered) && (written == null || !written.pending())) {
          break;
        }
      }
      return Duration.between(recovered, now);
    }

    /** A worker begins with what its predecessor has left in Kafka. */
    private void start() {
      writes.clear();
      taken.clear();
      seen.clear();
      inFlight = null;
      backlogs.replace(written == null ? Map.of() : Map.of(TestDeliveries.DESTINATION, written));
      DestinationId id = TestDeliveries.DESTINATION;
      lane =
          new FifoLane(
              receiver, RetryTiers.DEFAULT, new Flights(1), () -> 1, now, () -> backlogs.of(id));
    }

    /** Fresh ones come in order, due ones at any time between. */
    private void takeNext() {
      List<Source> ready = ready();
      Optional<Source> fresh = ready.stream().filter(s -> s.delivery.due() == null).findFirst();
      List<Source> back = ready.stream().filter(s -> s.delivery.due() != null).toList();
      if (!back.isEmpty() && random.nextBoolean()) {
        take(back.get(random.nextInt(back.size())));
      } else {
        fresh.ifPresent(this::take);
      }
    }

    private List<Source> ready() {
      log.removeIf(source -> source.settled);
      return log.stream()
          .filter(source -> !taken.contains(source))
          .filter(source -> due(source.delivery))
          .toList();
    }

    private boolean due(Delivery delivery) {
      return delivery.due() == null || !delivery.due().isAfter(now);
    }

    private void take(Source source) {
      taken.add(source);
      Reported report = reports.get(source.key());
      boolean known = !seen.add(source.key());
      if (known) {
        source.settle();
      } else if (report != null) {
        Work found = new Work(source.delivery.behind(report.behind()), source, now);
        Work work = backlogs.putOffAgain(found, Optional.of(lane));
        follow(work, report.decision(), backlogs.repeated(work.delivery(), report.decision()));
      } else {
        Work work = new Work(source.delivery, source, now).inOrder();
        lane.serve(receiver);
        obey(lane.offer(work, now), work);
      }
    }

    private void obey(Lane.Answer answer, Work work) {
      switch (answer) {
        case Lane.Answer.Go() -> send(work);
        case Lane.Answer.Wait() -> pump();
        case Lane.Answer.Park(Decision.Parked decision, Long behind) ->
            conclude(work.behind(behind), decision);
        case Lane.Answer.Cancel() -> throw new AssertionError("nobody said 410");
      }
    }

    private void pump() {
      lane.serve(receiver);
      for (Work work = lane.next(now); work != null; work = lane.next(now)) {
        send(work);
      }
      for (Work work = lane.nextOverdue(now); work != null; work = lane.nextOverdue(now)) {
        obey(lane.dismiss(work, now), work);
      }
    }

    private void send(Work work) {
      long number = work.delivery().place().number();
      for (long older = 0; older < number; older++) {
        if (!finished.contains(older)) {
          violations.add(number + " was sent before " + older + " had finished");
        }
      }
      if (number < lastSent) {
        violations.add(number + " was sent after " + lastSent);
      }
      if (inFlight != null) {
        violations.add(number + " was sent beside another");
      }
      lastSent = number;
      inFlight = work;
      asked = lane.receiver();
      lane.opened(work, now);
    }

    private void answer() {
      if (inFlight == null || random.nextInt(3) > 0) {
        return;
      }
      ended(random.nextInt(10) > 2);
      if (random.nextInt(10) > 0) { // or a defect of ours: whoever comes next must not profit
        pump();
      }
    }

    private void ended(boolean accepted) {
      Work work = inFlight;
      inFlight = null;
      Decision retry =
          new Decision.Parked(now.plusMillis(500 + random.nextInt(3000)), Decision.Why.RETRY);
      Optional<Decision.Parked> wait = tokenRefused(work);
      waitsForToken += wait.isPresent() ? 1 : 0;
      boolean delivered = accepted && !isRefused();
      Decision usual = delivered ? new Decision.Finished(DeliveryState.DELIVERED) : retry;
      Decision decision = wait.isPresent() ? wait.get() : usual;
      conclude(work, decision);
      writes.add(
          () -> {
            lane.closed(work);
            pump();
          });
      lane.decided(decision);
    }

    private boolean isRefused() {
      return issuer != null && issuer.refuses(asked.destination().authentication());
    }

    private Optional<Decision.Parked> tokenRefused(Work work) {
      Outcome unauthorized = new Outcome.Rejected(401, null);
      Attempt attempt =
          new Attempt(now, Duration.ZERO, unauthorized, HeaderLines.NONE, HeaderLines.NONE, null);
      return isRefused() ? lane.tokenRefused(attempt, work, asked, now) : Optional.empty();
    }

    private void conclude(Work work, Decision decision) {
      backlogs.concluded(work.delivery(), decision);
      Source source = (Source) work.claim();
      Long behind = work.delivery().place().behind();
      writes.add(
          () -> {
            reports.put(source.key(), new Reported(decision, behind));
            if (decision instanceof Decision.Finished) {
              finished.add(work.delivery().place().number());
            }
            follow(work, decision, backlogs.reported(work.delivery(), decision));
          });
    }

    /** Each write begins when the one before is safe. */
    private void follow(Work work, Decision decision, Optional<Change> change) {
      writes.add(
          () -> {
            change.ifPresent(is -> written = is.backlog());
            writes.add(() -> followUp(work, decision));
          });
    }

    private void followUp(Work work, Decision decision) {
      if (decision instanceof Decision.Parked parked) {
        int next = work.delivery().attempt() + (parked.why() == Decision.Why.RETRY ? 1 : 0);
        log.add(new Source(work.delivery().waiting(next, parked)));
      }
      writes.add(work.claim()::settle);
    }

    private void pass(Duration time) {
      now = now.plus(time);
      pump();
    }
  }
}
