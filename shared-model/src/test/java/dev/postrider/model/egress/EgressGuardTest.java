// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.model.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.postrider.test.ScriptedServer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That no connection is made to where none may be made, whatever leads there. */
class EgressGuardTest {

  private static final AddressRules STRICT = AddressRules.of("", "", "", Set.of());
  private static final AddressRules LOOPBACK = AddressRules.allowing("127.0.0.1/32");

  private final StubNames names = new StubNames();
  private final List<String> refusals = Collections.synchronizedList(new ArrayList<>());
  private final GuardedHttpClient strict = client(STRICT);
  private final GuardedHttpClient loopback = client(LOOPBACK);
  private ScriptedServer receiver;

  private GuardedHttpClient client(AddressRules rules) {
    return new GuardedHttpClient(rules, this::note, 50, _ -> names, _ -> {});
  }

  private void note(Stage stage, AddressVerdict why) {
    refusals.add(stage.label() + " " + why.label());
  }

  @BeforeEach
  void listen() {
    receiver = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  @AfterEach
  void close() throws Exception {
    strict.close();
    loopback.close();
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.5", "169.254.169.254"})
  void b12RefusesNamesThatTurnPrivateAfterRegistration(String address) {
    names.answer("rebound.example", address);

    assertRefused(strict, anywhere("rebound.example"), Stage.RESOLVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "10.0.0.5"})
  void b12RefusesWhatWasSlippedPastTheUrlRules(String host) {
    names.answer("localhost", "127.0.0.1");

    assertRefused(strict, anywhere(host), Stage.RESOLVE);
  }

  @Test
  void refusesPublicAddressesForWhatIsOnlyForTheOperatorsNetworks() {
    names.answer("receiver.example", "8.8.8.8");
    var target = new Target(uri("receiver.example"), Optional.of("endpoint_url must use https"));

    assertRefused(loopback, target, Stage.RESOLVE);
  }

  @Test
  void connectsOnlyToTheSurvivorsAmongManyAddresses() {
    names.answer("mixed.example", "10.0.0.5", "::1", "127.0.0.1", "169.254.169.254");

    assertThat(loopback.send(request(anywhere("mixed.example"))).block().status()).isEqualTo(200);
    assertThat(receiver.connections).hasValue(1);
    assertThat(receiver.exchanges.getFirst().head()).contains("host: mixed.example:");
  }

  @Test
  void reportsNamesWithoutAnAddressAsSuch() {
    names.answer("empty.example");

    for (String name : List.of("unknown.example", "empty.example")) {
      assertThat(catchThrowableOfType(RuntimeException.class, () -> send(strict, anywhere(name))))
          .hasCauseInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void findsLocalhostInTheHostsFile() {
    try (var client =
        GuardedHttpClient.create(LOOPBACK, NameServers.OF_THIS_MACHINE, this::note, 50)) {
      assertThat(client.send(request(anywhere("localhost"))).block().status()).isEqualTo(200);
    }
  }

  @Test
  void reachesTheOperatorsReceiverByNameOverPlainHttp() {
    var rules = AddressRules.allowing("127.0.0.1/32:" + receiver.port());
    var verdict = new UrlRules(rules).judge("endpoint_url", "http://localhost:" + receiver.port());
    var target = ((UrlVerdict.Allowed) verdict).target();

    try (var client =
        GuardedHttpClient.create(rules, NameServers.OF_THIS_MACHINE, this::note, 50)) {
      assertThat(client.send(request(target)).block().status()).isEqualTo(200);
    }
  }

  @Test
  void b12RefusesAtTheSocketWithoutTheResolversHelp() throws Exception {
    var guard = new ConnectGuard(new Gate(STRICT, AddressVerdict::isReachable, this::note));
    try (var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())) {
      var connect =
          new Bootstrap()
              .group(group)
              .channel(NioSocketChannel.class)
              .resolver(DefaultAddressResolverGroup.INSTANCE)
              .handler(guard)
              .connect(new InetSocketAddress("127.0.0.1", receiver.port()))
              .await();

      assertThat(connect.cause()).isInstanceOf(EgressRefusedException.class);
      await().until(() -> !connect.channel().isOpen());
    }
    assertThat(refusals).containsExactly("connect reserved");
    assertThat(receiver.connections).hasValue(0);
  }

  /** The resolver sees a public address; at the socket it has become one of this machine's own. */
  @Test
  void b12JudgesAgainAtTheSocket() throws Exception {
    names.answer("moving.example", "8.8.8.8");
    var own = new OwnFromTheSecondLook(InetAddress.getByName("8.8.8.8"));
    try (var client = client(AddressRules.of("", "", "", own))) {
      assertRefused(client, anywhere("moving.example"), Stage.CONNECT);
    }
  }

  private static final class OwnFromTheSecondLook extends HashSet<InetAddress> {

    private final AtomicInteger looks = new AtomicInteger();

    OwnFromTheSecondLook(InetAddress address) {
      super(Set.of(address));
    }

    @Override
    public Stream<InetAddress> stream() {
      return looks.getAndIncrement() == 0 ? Stream.empty() : super.stream();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void leavesNoFileOpenAfterFiveHundredRefusals() throws Exception {
    names.answer("rebound.example", "10.0.0.5");
    refuse(20);
    long before = openFiles();
    refuse(500);

    await().until(() -> openFiles() <= before + 5);
    assertThat(receiver.connections).hasValue(0);
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      var target = anywhere(i % 2 == 0 ? "127.0.0.1" : "rebound.example");
      assertThat(catchThrowableOfType(EgressRefusedException.class, () -> send(strict, target)))
          .isNotNull();
    }
  }

  private static long openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private void assertRefused(GuardedHttpClient client, Target target, Stage stage) {
    var refused = catchThrowableOfType(EgressRefusedException.class, () -> send(client, target));

    assertThat(refused.stage()).isEqualTo(stage);
    assertThat(refused).hasMessage("the destination's address must not be private or reserved");
    assertThat(refusals).containsExactly(stage.label() + " " + refused.why().label());
    assertThat(receiver.connections).hasValue(0);
  }

  private static void send(GuardedHttpClient client, Target target) {
    client.send(request(target)).block();
  }

  private static Request request(Target target) {
    return new Request(target, "POST", List.of(), new byte[0], Duration.ofSeconds(5));
  }

  /** As if the URL rules had said yes. */
  private Target anywhere(String host) {
    return new Target(uri(host), Optional.empty());
  }

  private URI uri(String host) {
    return URI.create("http://" + host + ":" + receiver.port() + "/");
  }
}
