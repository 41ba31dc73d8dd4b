// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WritesTogetherTest {

  private static final class Counter extends ChannelOutboundHandlerAdapter {

    private final AtomicInteger flushes;

    Counter(AtomicInteger flushes) {
      this.flushes = flushes;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
      flushes.incrementAndGet();
      context.flush();
    }
  }

  private final WritesTogether writes = new WritesTogether();
  private final EmbeddedChannel channel = new EmbeddedChannel(writes);

  @Test
  void writesNothingBeforeTheLoopHasDoneWhatItIsAt() {
    channel.pipeline().writeAndFlush("request");
    assertThat(channel.outboundMessages()).isEmpty();

    channel.runPendingTasks();

    assertThat(channel.outboundMessages()).containsExactly("request");
  }

  @Test
  void writesAllThatCameMeanwhileInOrder() {
    channel.pipeline().writeAndFlush("head");
    channel.pipeline().writeAndFlush("body");

    channel.runPendingTasks();

    assertThat(channel.outboundMessages()).containsExactly("head", "body");
  }

  /** A write would run what is pending in this kind of channel, so there is none in between. */
  @Test
  void flushesOnceForAllWhoAskedMeanwhile() {
    var flushes = new AtomicInteger();
    channel.pipeline().addFirst(new Counter(flushes));

    channel.pipeline().flush();
    channel.pipeline().flush();
    channel.runPendingTasks();

    assertThat(flushes).hasValue(1);
  }

  @Test
  void writesTheNextOneAsWell() {
    channel.pipeline().writeAndFlush("first");
    channel.runPendingTasks();
    channel.pipeline().writeAndFlush("second");
    channel.runPendingTasks();

    assertThat(channel.outboundMessages()).containsExactly("first", "second");
  }

  @Test
  void knowsHowLongItHeldAWriteBack() {
    channel.pipeline().writeAndFlush("request");
    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    assertThat(writes.heldBack()).isGreaterThan(Duration.ofMillis(4));

    channel.runPendingTasks();
    var held = writes.heldBack();
    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());

    assertThat(held).isGreaterThan(Duration.ofMillis(4));
    assertThat(writes.heldBack()).isEqualTo(held);
  }
}
