// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.model.secret.Secret;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.SslProvider;

/**
 * What the connections to one destination trust and show, beyond the usual. Connections are shared
 * by the requests with the very same identity only; so it is made once for each destination.
 */
public final class TlsIdentity {

  private static final int MOST_CERTIFICATES = 100;

  private final @Nullable TrustManagerFactory trust;
  private final @Nullable Pair pair;
  private @Nullable SslProvider provider;

  /** What is shown, the owner's certificate first, and the key that proves it. */
  private record Pair(List<X509Certificate> chain, PrivateKey key) {}

  private TlsIdentity(@Nullable TrustManagerFactory trust, @Nullable Pair pair) {
    this.trust = trust;
    this.pair = pair;
  }

  /** Trusts these beside the usual ones. */
  public static TlsIdentity trusting(List<X509Certificate> anchors) {
    return new TlsIdentity(factoryOf(anchors), null);
  }

  /**
   * The same, and shows a certificate to a receiver that asks for one.
   *
   * @param certificate PEM, with those who vouch for it behind it
   * @param key of the certificate, PKCS #8 in PEM without a password
   * @throws IllegalArgumentException naming the rule that one of them breaks
   */
  public TlsIdentity showing(String certificate, Secret key) {
    List<X509Certificate> chain = certificates(certificate);
    return new TlsIdentity(trust, new Pair(chain, ClientKey.of(key, chain.getFirst())));
  }

  /**
   * Reads certificates.
   *
   * @throws IllegalArgumentException when the text is not 1 to 100 X.509 certificates in PEM
   */
  public static List<X509Certificate> certificates(String pem) {
    try (InputStream text = new ByteArrayInputStream(pem.getBytes(US_ASCII))) {
      List<X509Certificate> read =
          CertificateFactory.getInstance("X.509").generateCertificates(text).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (pem.contains("-----BEGIN CERTIFICATE-----")
          && !read.isEmpty()
          && read.size() <= MOST_CERTIFICATES) {
        return read;
      }
    } catch (GeneralSecurityException | IOException e) {
      throw noCertificates(e);
    }
    throw noCertificates(null);
  }

  private static IllegalArgumentException noCertificates(@Nullable Exception cause) {
    return new IllegalArgumentException(
        "must be 1 to " + MOST_CERTIFICATES + " X.509 certificates in PEM", cause);
  }

  private static @Nullable TrustManagerFactory factoryOf(List<X509Certificate> anchors) {
    if (anchors.isEmpty()) {
      return null;
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      List<X509Certificate> all = Stream.concat(Usual.ANCHORS.stream(), anchors.stream()).toList();
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("anchor-" + i, all.get(i));
      }
      return factory(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("must be certificates that can be trusted", e);
    }
  }

  /** Whom the JVM trusts: a hundred and more, read from its file at the first need. */
  private static final class Usual {

    private static final List<X509Certificate> ANCHORS = read();

    private static List<X509Certificate> read() {
      try {
        return Stream.of(factory(null).getTrustManagers())
            .filter(X509TrustManager.class::isInstance)
            .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
            .toList();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JVM has no trust anchors of its own", e);
      }
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  /**
   * How connections with this identity are secured; always the same object, since connections are
   * kept apart by it.
   */
  synchronized SslProvider provider(Function<Consumer<SslContextBuilder>, SslProvider> usual) {
    SslProvider made = provider == null ? usual.apply(this::addTo) : provider;
    provider = made;
    return made;
  }

  private void addTo(SslContextBuilder builder) {
    if (trust != null) {
      builder.trustManager(trust);
    }
    if (pair != null) {
      builder.keyManager(pair.key(), pair.chain());
    }
  }
}
