// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;

/** Judges a URL when a tenant registers it: the rules for its text, then where its name leads. */
public final class Registration implements AutoCloseable {

  private final AddressRules addresses;
  private final UrlRules urls;
  private final AddressResolverGroup<InetSocketAddress> names;

  Registration(AddressRules addresses, AddressResolverGroup<InetSocketAddress> names) {
    this.addresses = addresses;
    this.urls = new UrlRules(addresses);
    this.names = names;
  }

  /** A registration desk for these rules. */
  public static Registration under(AddressRules addresses, NameServers servers) {
    return new Registration(addresses, Names.resolvers(servers));
  }

  /**
   * Judges the URL; never fails, and takes no longer than DNS does.
   *
   * @param field the name under which it was given, such as {@code endpoint_url}
   */
  public Mono<Admission> judge(String field, String url) {
    return switch (urls.judge(field, url)) {
      case UrlVerdict.Refused(var message) -> Mono.just(new Admission.Refused(message));
      case UrlVerdict.Allowed(var target) -> Mono.create(sink -> resolve(field, target, sink));
    };
  }

  private void resolve(String field, Target target, MonoSink<Admission> sink) {
    var address = InetSocketAddress.createUnresolved(target.host(), target.port());
    names
        .getResolver(HttpResources.get().onClient(LoopResources.DEFAULT_NATIVE).next())
        .resolveAll(address)
        .addListener(
            (Future<List<InetSocketAddress>> future) ->
                sink.success(
                    future.isSuccess()
                        ? resolved(field, target, future.getNow())
                        : unresolved(target)));
  }

  private Admission resolved(String field, Target target, List<InetSocketAddress> found) {
    var verdicts = found.stream().map(addresses::judge).toList();
    if (verdicts.stream().anyMatch(target::accepts)) {
      return new Admission.Admitted(target.uri());
    }
    boolean isPublic = verdicts.stream().anyMatch(AddressVerdict::isReachable);
    return new Admission.Refused(
        target
            .refusalIfPublic()
            .filter(_ -> isPublic)
            .orElseGet(() -> UrlRules.privateTarget(field)));
  }

  private static Admission unresolved(Target target) {
    return target
        .refusalIfPublic()
        .<Admission>map(Admission.Refused::new)
        .orElseGet(
            () ->
                new Admission.Unresolved(
                    target.uri(), "the name " + target.host() + " does not resolve"));
  }

  /** Closes the resolver's sockets. */
  @Override
  public void close() {
    names.close();
  }
}
