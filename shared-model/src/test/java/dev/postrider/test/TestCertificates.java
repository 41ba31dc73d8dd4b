// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** An authority of this JVM's own, and certificates by it and by nobody. */
public final class TestCertificates {

  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";

  private final Path directory = createDirectory();
  private final Map<List<?>, String> aliases = new HashMap<>();

  public TestCertificates() {
    keytool(AUTHORITY, "-dname", "CN=Test Authority", "-ext", "bc:c", "-validity", "3650");
  }

  public X509Certificate authority() throws GeneralSecurityException {
    return (X509Certificate) keys(AUTHORITY).getCertificate(AUTHORITY);
  }

  /** A server on loopback that shows a certificate for this name by the authority. */
  public SSLServerSocket server(String name) throws GeneralSecurityException, IOException {
    return listen(issue(name, "-signer", AUTHORITY));
  }

  /** One whose certificate ran out yesterday. */
  public SSLServerSocket expired(String name) throws GeneralSecurityException, IOException {
    return listen(issue(name, "-signer", AUTHORITY, "-startdate", "-3d", "-validity", "2"));
  }

  /** One whose certificate nobody has signed but itself. */
  public SSLServerSocket selfSigned(String name) throws GeneralSecurityException, IOException {
    return listen(issue(name));
  }

  /** Each kind once, since a run of keytool takes half a second. */
  private String issue(String name, String... how) {
    return aliases.computeIfAbsent(List.of(name, List.of(how)), _ -> create(name, how));
  }

  private String create(String name, String... how) {
    String alias = "key" + aliases.size();
    List<String> arguments = new ArrayList<>(List.of("-dname", "CN=" + name));
    arguments.addAll(List.of("-ext", "SAN=dns:" + name));
    arguments.addAll(List.of(how));
    keytool(alias, arguments.toArray(String[]::new));
    return alias;
  }

  private SSLServerSocket listen(String alias) throws GeneralSecurityException, IOException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys(alias), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var loopback = InetAddress.getByName("127.0.0.1");
    return (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, loopback);
  }

  /** Only this one, so that a server cannot choose another. */
  private KeyStore keys(String alias) throws GeneralSecurityException {
    try (var in = Files.newInputStream(store())) {
      var all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
      var one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      one.setKeyEntry(
          alias,
          all.getKey(alias, PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          all.getCertificateChain(alias));
      return one;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path store() {
    return directory.resolve("keys.p12");
  }

  private void keytool(String alias, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-alias", alias));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store().toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    command.addAll(List.of(arguments));
    try {
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("keytool ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path createDirectory() {
    try {
      return Files.createTempDirectory("certificates");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
