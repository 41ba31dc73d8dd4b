// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP link to a server that tests can cut and mend; while cut, connections are refused. */
public final class CuttableLink {

  private final String host;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket server;
  private final int localPort;

  public CuttableLink(String host, int port) {
    this.host = host;
    this.port = port;
    this.server = listen(0);
    this.localPort = server.getLocalPort();
    serve(server);
  }

  public int port() {
    return localPort;
  }

  public synchronized void cut() {
    close(server);
    open.forEach(CuttableLink::close);
    open.clear();
  }

  public synchronized void mend() {
    server = listen(localPort);
    serve(server);
  }

  private void serve(ServerSocket listening) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (!listening.isClosed()) {
                accept(listening);
              }
            });
  }

  private void accept(ServerSocket listening) {
    try {
      Socket near = listening.accept();
      Socket far = new Socket(host, port);
      near.setTcpNoDelay(true); // else what comes in pieces waits 40 ms for an acknowledgement
      far.setTcpNoDelay(true);
      open.add(near);
      open.add(far);
      Thread.ofVirtual().start(() -> copy(near, far));
      Thread.ofVirtual().start(() -> copy(far, near));
    } catch (IOException _) {
      // cut
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut
    }
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception _) {
      // it is gone either way
    }
  }
}
