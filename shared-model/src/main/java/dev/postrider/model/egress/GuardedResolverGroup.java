// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The first layer of the guard: names resolve only to addresses that may be reached. */
final class GuardedResolverGroup extends AddressResolverGroup<InetSocketAddress> {

  private final AddressResolverGroup<InetSocketAddress> names;
  private final Gate gate;
  private final Lookups lookups;

  GuardedResolverGroup(AddressResolverGroup<InetSocketAddress> names, Gate gate, Lookups lookups) {
    this.names = names;
    this.gate = gate;
    this.lookups = lookups;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new GuardedResolver(executor);
  }

  private final class GuardedResolver extends AbstractAddressResolver<InetSocketAddress> {

    GuardedResolver(EventExecutor executor) {
      super(executor, InetSocketAddress.class);
    }

    /** Never, so that IP literals are judged here too. */
    @Override
    protected boolean doIsResolved(InetSocketAddress address) {
      return false;
    }

    @Override
    protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
      Promise<List<InetSocketAddress>> all = executor().newPromise();
      all.addListener((Future<List<InetSocketAddress>> future) -> first(future, promise));
      doResolveAll(address, all);
    }

    private void first(Future<List<InetSocketAddress>> all, Promise<InetSocketAddress> promise) {
      if (all.isSuccess()) {
        promise.trySuccess(all.getNow().getFirst());
      } else {
        promise.tryFailure(all.cause());
      }
    }

    @Override
    protected void doResolveAll(
        InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
      if (!address.isUnresolved()) {
        settle(List.of(address), promise);
        return;
      }
      String host = address.getHostString();
      lookups
          .recentFailure(host)
          .ifPresentOrElse(promise::tryFailure, () -> lookUp(host, address, promise));
    }

    private void lookUp(
        String host, InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
      lookups.begun(host);
      names
          .getResolver(executor())
          .resolveAll(address)
          .addListener((Future<List<InetSocketAddress>> future) -> learn(host, future, promise));
    }

    private void learn(
        String host,
        Future<List<InetSocketAddress>> lookup,
        Promise<List<InetSocketAddress>> promise) {
      lookups.ended(host);
      if (lookup.isSuccess()) {
        settle(lookup.getNow(), promise);
      } else {
        promise.tryFailure(lookups.explain(host, lookup.cause()));
      }
    }

    private void settle(
        List<InetSocketAddress> addresses, Promise<List<InetSocketAddress>> promise) {
      try {
        var survivors = new ArrayList<InetSocketAddress>(addresses.size());
        for (var address : addresses) {
          if (gate.accepts(address)) {
            survivors.add(nameless(address));
          }
        }
        if (survivors.isEmpty()) {
          promise.tryFailure(refusal(addresses));
        } else {
          promise.trySuccess(survivors);
        }
      } catch (UnknownHostException e) {
        promise.tryFailure(e);
      }
    }

    private Throwable refusal(List<InetSocketAddress> addresses) {
      return addresses.stream()
          .findFirst()
          .flatMap(address -> gate.refusal(Stage.RESOLVE, address))
          .<Throwable>map(refused -> refused)
          .orElseGet(() -> new UnknownHostException("the name has no address"));
    }
  }

  /** What is handed on is what was judged; nobody resolves it a second time by its name. */
  private static InetSocketAddress nameless(InetSocketAddress address) throws UnknownHostException {
    byte[] bytes = address.getAddress().getAddress();
    return new InetSocketAddress(InetAddress.getByAddress(bytes), address.getPort());
  }
}
