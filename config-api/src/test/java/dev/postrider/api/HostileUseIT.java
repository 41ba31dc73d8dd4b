// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

/** What people do to an API who mean it no good; issue 6, "hostile use". */
class HostileUseIT extends ApiIT {

  private static final int PATIENCE = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        DESTINATIONS,
        EVENTS,
        DESTINATIONS + "/preview",
        "/api/v1/api-keys",
        "/api/v1/event-types"
      })
  void refusesBodiesOf300KiB(String path) {
    String large = "{\"type\": \"a.b\", \"data\": \"%s\"}".formatted("x".repeat(300 * 1024));
    post("acme/tenant_admin", path, large)
        .exchange()
        .expectStatus()
        .isEqualTo(413)
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {DESTINATIONS, EVENTS, "/api/v1/api-keys", "/api/v1/event-types"})
  void refusesJsonThatIsTenThousandLevelsDeep(String path) {
    String deep = "{\"type\": \"a.b\", \"name\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    post("acme/tenant_admin", path, deep)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(String.class)
        .value(body -> assertThat(body).doesNotContain("Exception", "\tat ", "`"));
  }

  @Test
  void endsABodyInChunksThatNeverEnds() throws IOException {
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    assertThat(send(head(DESTINATIONS, "Transfer-Encoding: chunked"), chunk, 2_000))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void waitsForHeadersAndForABodyNoLongerThanTenSeconds() throws Exception {
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      var headers = CompletableFuture.supplyAsync(() -> drip("GET / HTTP/1.1\r\nX-Slow: "), both);
      var body =
          CompletableFuture.supplyAsync(() -> drip(head(EVENTS, "Content-Length: 99")), both);
      assertThat(headers.get()).startsWith("HTTP/1.1 408 ");
      assertThat(body.get()).startsWith("HTTP/1.1 408 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 6",
        "Content-Length: -5"
      })
  void refusesARequestOfDoubtfulLengthAndClosesItsConnection(String lengths) throws IOException {
    String smuggled = "0\r\n\r\nGET /api/v1/integrations/health HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(send(head(EVENTS + "?a=b", lengths), smuggled, 1))
        .startsWith("HTTP/1.1 400 ")
        .containsOnlyOnce("HTTP/1.1 ")
        .contains("content-type: application/problem+json")
        .contains("tell the length of its body once", "\"instance\":\"" + EVENTS + "\"");
  }

  @Test
  void refusesHeadsThatAreTooLarge() throws IOException {
    String much = "x".repeat(10_000);
    assertThat(send(head(EVENTS + "?" + much, "X-Small: 1"), "", 0))
        .startsWith("HTTP/1.1 414 ")
        .contains("\"instance\":\"/\"");
    assertThat(send(head(EVENTS, "X-Large: " + much), "", 0)).startsWith("HTTP/1.1 431 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tenant\": \"globex\"",
        "\"tenant_id\": \"globex\"",
        "\"id\": \"dst_019aa000-0000-7000-8000-000000000001\"",
        "\"status\": \"active\"",
        "\"created_at\": \"2020-01-01T00:00:00Z\"",
        "\"signing_keys\": []",
        "\"version\": 7",
        "\"__proto__\": {}",
        "\"class\": \"java.lang.Runtime\""
      })
  void refusesMembersThatAreNotTheCallersToSet(String member) {
    String document =
        "{\"name\": \"x\", \"endpoint_url\": \"http://127.0.0.1:8085/hook\", %s}".formatted(member);
    post("acme/tenant_admin", DESTINATIONS, document)
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].message")
        .value((String message) -> assertThat(message).endsWith("is not a known field"));
  }

  private String head(String path, String length) {
    return """
    POST %s HTTP/1.1\r
    Host: x\r
    Content-Type: application/json\r
    Authorization: Bearer %s\r
    %s\r
    \r
    """
        .formatted(path, tokens.of("acme/tenant_admin"), length);
  }

  /** The whole answer to a head that is followed by that many pieces. */
  private String send(String head, String piece, int pieces) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(ISO_8859_1));
      try {
        for (int round = 0; round < pieces; round++) {
          out.write(piece.getBytes(ISO_8859_1));
        }
      } catch (IOException _) {
        // the server has heard enough
      }
      return read(socket.getInputStream());
    }
  }

  /** A server that closes while we still send may reset the connection behind its answer. */
  private static String read(InputStream in) {
    StringBuilder answer = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        answer.append((char) next);
      }
    } catch (IOException _) {
      // what came before counts
    }
    return answer.toString();
  }

  /** The answer to a head that goes on byte by byte, one each half second. */
  private String drip(String head) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(500);
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      for (int waited = 0; waited < PATIENCE; waited += 500) {
        try {
          return (char) socket.getInputStream().read() + read(socket.getInputStream());
        } catch (SocketTimeoutException _) {
          socket.getOutputStream().write('x');
        }
      }
      return "nothing";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
