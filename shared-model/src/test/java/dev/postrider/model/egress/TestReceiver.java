// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that answers raw bytes, so that it can misbehave; counts what reaches it. */
final class TestReceiver implements AutoCloseable {

  /** Answers one request; leaving the stream open keeps the connection. */
  interface Script {
    void answer(Exchange exchange) throws IOException;
  }

  record Exchange(int connection, int request, String head, String body, Socket socket) {

    void send(String answer) throws IOException {
      send(answer.getBytes(ISO_8859_1));
    }

    void send(byte[] answer) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(answer);
      out.flush();
    }
  }

  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

  private final ServerSocket server;
  private final String greeting;
  private final Script script;

  private TestReceiver(ServerSocket server, String greeting, Script script) {
    this.server = server;
    this.greeting = greeting;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  static TestReceiver answering(Script script) {
    return over(onLoopback(), script);
  }

  /** Speaks first, as servers of other protocols do. */
  static TestReceiver greeting(String greeting) {
    return new TestReceiver(onLoopback(), greeting, _ -> {});
  }

  static TestReceiver over(ServerSocket server, Script script) {
    return new TestReceiver(server, "", script);
  }

  private static ServerSocket onLoopback() {
    try {
      return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TestReceiver answering(String answer) {
    return answering(exchange -> exchange.send(answer));
  }

  int port() {
    return server.getLocalPort();
  }

  /** As if the URL rules had said yes. */
  Target target(String path) {
    return new Target(URI.create("http://127.0.0.1:" + port() + path), Optional.empty());
  }

  Request request(Duration timeout) {
    return new Request(target("/"), "POST", List.of(), "{}".getBytes(ISO_8859_1), timeout);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        int connection = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, connection));
      } catch (IOException _) {
        return; // closed at the end of the test
      }
    }
  }

  private void serve(Socket socket, int connection) {
    try (socket) {
      socket.getOutputStream().write(greeting.getBytes(ISO_8859_1));
      var in = new BufferedInputStream(socket.getInputStream());
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        var exchange = new Exchange(connection, exchanges.size() + 1, head, body(head, in), socket);
        exchanges.add(exchange);
        script.answer(exchange);
      }
    } catch (IOException _) {
      // the client has closed, which is what some tests wait for
    } finally {
      closed.incrementAndGet();
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private static String body(String head, InputStream in) throws IOException {
    int length =
        head.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16)))
            .findFirst()
            .orElse(0);
    return new String(in.readNBytes(length), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
