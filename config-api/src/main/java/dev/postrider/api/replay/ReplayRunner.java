// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api.replay;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Takes replays on that nobody works at, a few at a time, and gives them back when it stops. */
@Component
final class ReplayRunner implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
  private static final int MOST_AT_ONCE = 4;
  private static final int LOOK_EVERY = 1_000; // milliseconds
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration UNTIL_LEFT = Duration.ofSeconds(3);

  private final ReplayLeases leases;
  private final ReplayJob job;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("replay-", 0).factory());

  ReplayRunner(ReplayLeases leases, ReplayJob job) {
    this.leases = leases;
    this.job = job;
  }

  /** One a second, so that instances share them. */
  @Scheduled(fixedDelay = LOOK_EVERY)
  void look() {
    if (places.tryAcquire()) {
      threads.execute(this::takeOne);
    }
  }

  private void takeOne() {
    try {
      Replay replay = leases.claim().block();
      if (replay != null) {
        carryOut(replay);
      }
    } catch (RuntimeException e) {
      LOG.debug("no replay can be taken on now: {}", e.toString());
    } finally {
      places.release();
    }
  }

  private void carryOut(Replay replay) {
    String id = Replay.text(replay.id());
    LOG.debug("{} goes on: {} done", id, replay.done());
    try {
      job.run(replay).ifPresent(pause -> leave(replay, pause));
    } catch (InterruptedException _) {
      leave(replay, Duration.ZERO);
    } catch (IllegalArgumentException | NullPointerException | ClassCastException e) {
      LOG.error("{} fails", id, e);
      leases.end(replay, "failed", "something of ours failed; it is logged").block();
    } catch (RuntimeException e) {
      LOG.warn("{} goes on in {}: {}", id, AFTER_FAILURE, e.toString());
      leave(replay, AFTER_FAILURE);
    }
  }

  /** Also when it is this service that stops: the note for others must be written all the same. */
  private void leave(Replay replay, Duration pause) {
    boolean stopping = Thread.interrupted();
    LOG.debug("{} is left to others, stopping: {}", Replay.text(replay.id()), stopping);
    leases.leave(replay, pause).onErrorComplete().block();
  }

  @Override
  public void destroy() throws InterruptedException {
    threads.shutdownNow();
    threads.awaitTermination(UNTIL_LEFT.toSeconds(), TimeUnit.SECONDS);
  }
}
