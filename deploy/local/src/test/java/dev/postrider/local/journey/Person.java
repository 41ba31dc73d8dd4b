// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0
package dev.postrider.local.journey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody of acme before a browser. */
final class Person {

  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private Person() {}

  /** Logs in where that URL leads, and answers the page that the issuer sends him back to. */
  static String agrees(String url) throws IOException, InterruptedException {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest question =
        HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/html").build();
    HttpResponse<String> login = browser.send(question, BodyHandlers.ofString());
    Matcher csrf = CSRF.matcher(login.body());
    assertThat(csrf.find()).as(login.body()).isTrue();
    String form =
        "username=admin%40acme&password=admin&_csrf=" + URLEncoder.encode(csrf.group(1), UTF_8);
    HttpRequest entered =
        HttpRequest.newBuilder(login.uri())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return browser.send(entered, BodyHandlers.ofString()).body();
  }
}
