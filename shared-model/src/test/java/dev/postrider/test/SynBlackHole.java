// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port on loopback that answers no SYN: it listens, and its queue of connections is full. */
public final class SynBlackHole implements AutoCloseable {

  private static final int ENOUGH = 64;
  private static final int LOOPBACK_MILLIS = 200;

  private final ServerSocket server;
  private final List<Socket> queue = new ArrayList<>();

  public SynBlackHole() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    while (queue.size() < ENOUGH) {
      Socket socket = new Socket();
      queue.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), LOOPBACK_MILLIS);
      } catch (SocketTimeoutException _) {
        return; // full
      }
    }
    throw new IllegalStateException("the queue takes more than " + ENOUGH + " connections");
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/";
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : queue) {
      socket.close();
    }
  }
}
