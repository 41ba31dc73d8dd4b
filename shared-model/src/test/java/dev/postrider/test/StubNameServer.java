// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A DNS server over UDP on loopback that says what a test wants, with a TTL of a minute; of what it
 * was not told, it says that it does not exist.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035 §4</a>
 */
public final class StubNameServer implements AutoCloseable {

  private static final int RESPONSE = 0x8180;
  private static final int TRUNCATED = 0x0200;
  private static final int SERVFAIL = 2;
  private static final int NXDOMAIN = 3;
  private static final int TYPE_A = 1;
  private static final int TYPE_CNAME = 5;

  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> questions = new ConcurrentHashMap<>();
  private final DatagramSocket socket;

  /** What is said of a name; silence is null. */
  private record Reply(int flags, List<Answer> answers) {}

  private record Answer(String owner, int type, byte[] data) {}

  public StubNameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** How often a name was asked for, IPv4 and IPv6 counted each. */
  public int questionsFor(String name) {
    return questions.getOrDefault(name, new AtomicInteger()).get();
  }

  public StubNameServer answer(String name, String... addresses) {
    return reply(name, 0, addresses(name, addresses));
  }

  /** As if there were more than fits into a datagram; nobody listens over TCP. */
  public StubNameServer truncated(String name, String... addresses) {
    return reply(name, TRUNCATED, addresses(name, addresses));
  }

  public StubNameServer servfail(String name) {
    return reply(name, SERVFAIL, Stream.empty());
  }

  public StubNameServer silent(String name) {
    return reply(name, -1, Stream.empty());
  }

  public StubNameServer aliases(String name, String... others) {
    return reply(name, 0, Arrays.stream(others).map(other -> alias(name, other)));
  }

  private StubNameServer reply(String name, int flags, Stream<Answer> answers) {
    replies.put(name, new Reply(flags, answers.toList()));
    return this;
  }

  private static Stream<Answer> addresses(String name, String... addresses) {
    return Arrays.stream(addresses).map(text -> new Answer(name, TYPE_A, bytes(text)));
  }

  private static Answer alias(String owner, String other) {
    return new Answer(owner, TYPE_CNAME, encoded(other));
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    var packet = new DatagramPacket(new byte[512], 512);
    while (!socket.isClosed()) {
      try {
        packet.setLength(512);
        socket.receive(packet);
        answer(packet);
      } catch (IOException _) {
        return; // closed at the end of the test
      }
    }
  }

  private void answer(DatagramPacket packet) throws IOException {
    var query = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    int id = query.getShort();
    String name = name(query.position(12));
    int type = query.getShort();
    byte[] question = Arrays.copyOfRange(packet.getData(), 12, query.position() + 2);
    questions.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
    var reply = replies.getOrDefault(name, new Reply(NXDOMAIN, List.of()));
    if (reply.flags() >= 0) {
      byte[] message = message(id, question, type, reply);
      socket.send(new DatagramPacket(message, message.length, packet.getSocketAddress()));
    }
  }

  private static byte[] message(int id, byte[] question, int type, Reply reply) throws IOException {
    var answers =
        reply.answers().stream().filter(a -> a.type() == type || a.type() == TYPE_CNAME).toList();
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (int value : new int[] {id, RESPONSE | reply.flags(), 1, answers.size(), 0, 0}) {
      out.writeShort(value);
    }
    out.write(question);
    for (var answer : answers) {
      out.write(encoded(answer.owner()));
      out.writeShort(answer.type());
      out.writeShort(1);
      out.writeInt(60);
      out.writeShort(answer.data().length);
      out.write(answer.data());
    }
    return bytes.toByteArray();
  }

  private static String name(ByteBuffer query) {
    var name = new StringBuilder();
    for (int length = query.get(); length > 0; length = query.get()) {
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, US_ASCII));
    }
    return name.toString();
  }

  private static byte[] encoded(String name) {
    var bytes = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      bytes.write(label.length());
      bytes.writeBytes(label.getBytes(US_ASCII));
    }
    bytes.write(0);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
