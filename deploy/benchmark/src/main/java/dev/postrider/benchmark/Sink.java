// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;

/**
 * The receiver of everything, a process of its own: one thread, a static answer, and as little HTTP
 * as a well-behaved client needs, since what it uses of the machine is missing elsewhere. Told on
 * its standard input what to do, it answers on its standard output, and ends with its driver.
 *
 * <pre>
 *   /ok            200
 *   /fail-first    500 for the first request of every event with an odd number, else 200
 *   /hang          never answers, and does not count
 * </pre>
 */
final class Sink {

  private static final byte[] ACCEPTED = answer("200 OK");
  private static final byte[] FAILED = answer("500 Internal Server Error");
  private static final int LONGEST_HEAD = 8192;
  private static final int BACKLOG = 4096;

  private final Selector selector;
  private final Clock clock = Clock.systemUTC();
  private final Arrivals arrivals = new Arrivals();

  private Sink(Selector selector) {
    this.selector = selector;
  }

  private static byte[] answer(String status) {
    return "HTTP/1.1 %s\r\ncontent-length: 2\r\n\r\nok".formatted(status).getBytes(US_ASCII);
  }

  /** {@code Sink PORTS}: listens on that many ports and names them. */
  static void main(String[] arguments) throws IOException {
    var sink = new Sink(Selector.open());
    var ports = new ArrayList<String>();
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      ports.add(Integer.toString(sink.listen()));
    }
    System.out.println(String.join(" ", ports));
    Thread.ofPlatform().daemon().name("sink").start(sink::serve);
    sink.obey();
  }

  private int listen() throws IOException {
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    return server.socket().getLocalPort();
  }

  private void obey() throws IOException {
    var commands = new BufferedReader(new InputStreamReader(System.in, ISO_8859_1));
    for (var line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(obeyed(line.split(" ", 2)));
    }
  }

  private String obeyed(String[] command) throws IOException {
    return switch (command[0]) {
      case "count" -> arrivals.summary();
      case "record" -> {
        arrivals.record();
        yield "recording";
      }
      case "dump" -> Integer.toString(arrivals.dump(Path.of(command[1])));
      default -> throw new IOException("the sink does not know '%s'".formatted(command[0]));
    };
  }

  private void serve() {
    while (true) {
      try {
        selector.select(this::ready);
      } catch (IOException e) {
        throw new IllegalStateException("the sink cannot go on", e);
      }
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else {
        ((Connection) key.attachment()).read();
      }
    } catch (IOException gone) {
      key.cancel();
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    for (var client = server.accept(); client != null; client = server.accept()) {
      client.configureBlocking(false);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.register(selector, SelectionKey.OP_READ, new Connection(client));
    }
  }

  private long micros() {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  /** One client's connection. A head must fit the buffer; bodies are passed over. */
  private final class Connection {

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(LONGEST_HEAD);
    private RequestHead head = RequestHead.NONE;
    private long bodyLeft;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void read() throws IOException {
      if (!buffer.hasRemaining() || channel.read(buffer) < 0) {
        channel.close();
        return;
      }
      buffer.flip();
      while (buffer.hasRemaining() && goOn()) {
        if (bodyLeft == 0) {
          answer();
        }
      }
      buffer.compact();
    }

    /** Whether a head or a body has come to its end. */
    private boolean goOn() {
      if (bodyLeft > 0) {
        int passed = (int) Math.min(bodyLeft, buffer.remaining());
        buffer.position(buffer.position() + passed);
        bodyLeft -= passed;
        return bodyLeft == 0;
      }
      head = RequestHead.read(buffer.array(), buffer.position(), buffer.limit());
      buffer.position(buffer.position() + head.length());
      bodyLeft = head.bodyLength();
      return head.length() > 0;
    }

    private void answer() throws IOException {
      if (head.path() == 'h') {
        return;
      }
      arrivals.add(head.event(), micros());
      write(head.path() == 'f' && fails(head.event()) ? FAILED : ACCEPTED);
    }

    private boolean fails(long event) {
      return event % 2 == 1 && arrivals.isFirst(event);
    }

    private void write(byte[] answer) throws IOException {
      var out = ByteBuffer.wrap(answer);
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }
  }
}
