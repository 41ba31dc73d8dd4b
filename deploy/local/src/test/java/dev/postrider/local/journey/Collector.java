// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.util.Comparator.comparing;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Takes spans as an OpenTelemetry collector does (OTLP over HTTP), and keeps them in memory. */
final class Collector implements AutoCloseable {

  private final Queue<Taken> spans = new ConcurrentLinkedQueue<>();
  private final DisposableServer server =
      HttpServer.create()
          .bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
          .handle(this::receive)
          .bindNow();

  /** A span, and which service it is from. */
  record Taken(String service, Span span) {

    String id() {
      return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    String parent() {
      return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    String trace() {
      return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    private String line() {
      boolean failed = span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR;
      return span.getName()
          + " in "
          + service
          + (failed ? ", " + span.getStatus().getMessage() : "");
    }
  }

  private Mono<Void> receive(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .aggregate()
        .asByteArray()
        .doOnNext(this::take)
        .then(response.header("Content-Type", "application/x-protobuf").send().then());
  }

  private void take(byte[] body) {
    try {
      ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
          .flatMap(Collector::of)
          .forEach(spans::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Taken> of(ResourceSpans resource) {
    String service =
        resource.getResource().getAttributesList().stream()
            .filter(attribute -> attribute.getKey().equals("service.name"))
            .map(attribute -> attribute.getValue().getStringValue())
            .findAny()
            .orElse("nobody");
    return resource.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> new Taken(service, span));
  }

  /** Where services send their spans. */
  String url() {
    return "http://127.0.0.1:" + server.port() + "/v1/traces";
  }

  /** Those of a trace that have that name, in the order in which they began. */
  List<Taken> named(String name, String trace) {
    return of(trace).filter(taken -> taken.span().getName().equals(name)).toList();
  }

  private Stream<Taken> of(String trace) {
    return spans.stream()
        .filter(taken -> taken.trace().equals(trace))
        .sorted(comparing(taken -> taken.span().getStartTimeUnixNano()));
  }

  /** All that is below that span, a line each, below one another, in the order they began. */
  String below(String parent, String trace) {
    StringBuilder lines = new StringBuilder();
    draw(parent, of(trace).toList(), "", lines);
    return lines.toString();
  }

  private static void draw(String parent, List<Taken> all, String margin, StringBuilder lines) {
    for (Taken taken : all) {
      if (taken.parent().equals(parent)) {
        lines.append(margin).append(taken.line()).append('\n');
        draw(taken.id(), all, margin + "  ", lines);
      }
    }
  }

  /** All that was told of a trace, as text. */
  String told(String trace) {
    return String.join("\n", of(trace).map(taken -> taken.span().toString()).toList());
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
