// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver on loopback that answers raw bytes, so that it can misbehave; counts what came. */
public final class ScriptedServer implements AutoCloseable {

  private static final int KEPT = 1_000;
  private static final int SMALL_BUFFER = 16 * 1024;
  private static final Duration DRIP = Duration.ofMillis(50);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  public final AtomicInteger connections = new AtomicInteger();
  public final AtomicInteger closed = new AtomicInteger();

  /** The first thousand. */
  public final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

  private final AtomicInteger requests = new AtomicInteger();
  private final ServerSocket server;
  private final String greeting;
  private final boolean readsBodies;
  private final Script script;

  /** Answers one request; leaving the stream open keeps the connection. */
  public interface Script {
    void answer(Exchange exchange) throws IOException;
  }

  /**
   * One request.
   *
   * @param connection on which connection it came, from 1
   * @param request which it was of all requests to this server, from 1
   */
  public record Exchange(int connection, int request, String head, String body, Socket socket) {

    public void send(String answer) throws IOException {
      send(answer.getBytes(ISO_8859_1));
    }

    public void send(byte[] answer) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(answer);
      out.flush();
    }

    /** Again and again until the client closes. */
    public void sendForever(String bytes, Duration pause) throws IOException {
      while (true) {
        send(bytes);
        pause(pause);
      }
    }

    /** A byte at a time after this beginning, until the client closes. */
    public void drip(String beginning) throws IOException {
      send(beginning);
      sendForever("x", DRIP);
    }

    /** As after a shutdown, with FIN. */
    public void close() throws IOException {
      socket.close();
    }

    /** As after a crash, with RST. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** The value of a header; empty when there is none. */
    public String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ": ";
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElse("");
    }
  }

  private ScriptedServer(ServerSocket server, String greeting, boolean readsBodies, Script script) {
    this.server = server;
    this.greeting = greeting;
    this.readsBodies = readsBodies;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  public static ScriptedServer answering(Script script) {
    return over(onLoopback(), script);
  }

  /** The same to every request; nothing at all when it is empty. */
  public static ScriptedServer answering(String answer) {
    return answering(exchange -> exchange.send(answer));
  }

  /** Answers as soon as a head is there; a connection serves one request, with small buffers. */
  public static ScriptedServer answeringHeads(Script script) {
    var server = onLoopback();
    try {
      server.setReceiveBufferSize(SMALL_BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ScriptedServer(server, "", false, script);
  }

  /** Speaks first, as servers of other protocols do. */
  public static ScriptedServer greeting(String greeting) {
    return new ScriptedServer(onLoopback(), greeting, true, _ -> {});
  }

  public static ScriptedServer over(ServerSocket server, Script script) {
    return new ScriptedServer(server, "", true, script);
  }

  public static void pause(Duration pause) throws IOException {
    try {
      NEVER.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static ServerSocket onLoopback() {
    try {
      return new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/";
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
      for (String head = head(in); !head.isEmpty(); head = readsBodies ? head(in) : "") {
        String body = readsBodies ? body(head, in) : "";
        int request = requests.incrementAndGet();
        var exchange = new Exchange(connection, request, head, body, socket);
        if (request <= KEPT) {
          exchanges.add(exchange);
        }
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
      if (next == '\n' && head.toString().endsWith("\r\n\r\n")) {
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
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
