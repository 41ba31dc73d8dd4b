// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server that says what a test wants; the name {@code silent.example} is never answered. */
final class StubNames extends AddressResolverGroup<InetSocketAddress> {

  static final String SILENT = "silent.example";

  private final Map<String, List<InetAddress>> answers = new ConcurrentHashMap<>();

  StubNames answer(String name, String... addresses) {
    answers.put(name, List.of(addresses).stream().map(StubNames::address).toList());
    return this;
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(literal));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Resolver(executor).asAddressResolver();
  }

  private final class Resolver extends InetNameResolver {

    Resolver(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> promise) {
      throw new AssertionError("the guard asks for all addresses");
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
      if (answers.containsKey(name)) {
        promise.setSuccess(answers.get(name));
      } else if (!name.equals(SILENT)) {
        promise.setFailure(new UnknownHostException(name));
      }
    }
  }
}
