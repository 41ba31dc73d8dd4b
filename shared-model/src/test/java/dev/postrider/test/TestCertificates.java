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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

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

  /** What {@link #selfSigned} shows, for a server of another make. */
  public SSLContext selfSignedContext(String name) throws GeneralSecurityException, IOException {
    return context(issue(name));
  }

  /** One that asks for a certificate by the authority, and takes nobody without. */
  public SSLServerSocket asking(String name) throws GeneralSecurityException, IOException {
    SSLServerSocket server = listen(issue(name, "-signer", AUTHORITY));
    server.setNeedClientAuth(true);
    return server;
  }

  /** One that speaks HTTP/2 and takes nobody who offers something else (ALPN). */
  public SSLServerSocket http2Only(String name) throws GeneralSecurityException, IOException {
    SSLServerSocket server = server(name);
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    server.setSSLParameters(parameters);
    return server;
  }

  /** The certificate of {@link #selfSigned}, or of {@link #server}, in PEM. */
  public String pem(String name, boolean selfSigned) throws GeneralSecurityException {
    String alias = selfSigned ? issue(name) : issue(name, "-signer", AUTHORITY);
    return pem("CERTIFICATE", keys(alias).getCertificate(alias).getEncoded());
  }

  /** The key of the certificate of {@link #server}, in PEM. */
  public String keyPem(String name) throws GeneralSecurityException {
    String alias = issue(name, "-signer", AUTHORITY);
    return pem("PRIVATE KEY", keys(alias).getKey(alias, PASSWORD.toCharArray()).getEncoded());
  }

  /** The authority's own certificate, in PEM. */
  public String authorityPem() throws GeneralSecurityException {
    return pem("CERTIFICATE", authority().getEncoded());
  }

  private static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64);
  }

  /** Each kind once, since a run of keytool takes half a second. */
  private String issue(String name, String... how) {
    return aliases.computeIfAbsent(List.of(name, List.of(how)), _ -> create(name, how));
  }

  private String create(String name, String... how) {
    String alias = "key" + aliases.size();
    List<String> arguments = new ArrayList<>(List.of("-dname", "CN=" + name));
    boolean address = name.matches("[0-9.]+");
    arguments.addAll(List.of("-ext", (address ? "SAN=ip:" : "SAN=dns:") + name));
    arguments.addAll(List.of(how));
    keytool(alias, arguments.toArray(String[]::new));
    return alias;
  }

  private SSLServerSocket listen(String alias) throws GeneralSecurityException, IOException {
    var loopback = InetAddress.getByName("127.0.0.1");
    return (SSLServerSocket)
        context(alias).getServerSocketFactory().createServerSocket(0, 50, loopback);
  }

  private SSLContext context(String alias) throws GeneralSecurityException, IOException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys(alias), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors());
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
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

  private KeyStore anchors() throws GeneralSecurityException, IOException {
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry(AUTHORITY, authority());
    return anchors;
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
