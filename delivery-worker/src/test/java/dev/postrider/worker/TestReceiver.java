// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.worker;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A customer's server: answers the given statuses in turn, the last for ever, and keeps what
 * arrived.
 */
final class TestReceiver implements AutoCloseable {

  private final MockWebServer server = new MockWebServer();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile String[] header = {"X-Receiver", "test"};

  record Received(Instant at, RecordedRequest request) {
    String header(String name) {
      return request.getHeaders().get(name);
    }

    byte[] body() {
      return request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
    }
  }

  static TestReceiver answering(int... statuses) throws Exception {
    TestReceiver receiver = new TestReceiver();
    receiver.server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            int number = receiver.count.getAndIncrement();
            receiver.received.add(new Received(Instant.now(), request));
            int status = statuses[Math.min(number, statuses.length - 1)];
            return new MockResponse.Builder()
                .code(status)
                .setHeader(receiver.header[0], receiver.header[1])
                .body("answer " + status)
                .build();
          }
        });
    receiver.server.start(java.net.InetAddress.getByName("0.0.0.0"), 0);
    return receiver;
  }

  TestReceiver with(String name, String value) {
    header = new String[] {name, value};
    return this;
  }

  int port() {
    return server.getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  int count() {
    return count.get();
  }

  /** How many of that event type came and were not taken. */
  int count(String eventType) {
    return (int) received.stream().filter(one -> eventType.equals(one.header("ce-type"))).count();
  }

  Received take() {
    try {
      Received next = received.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing arrived within 20 s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
