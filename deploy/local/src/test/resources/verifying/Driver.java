// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Base64;

/** A line per request in; a line per verdict out. */
final class Driver {

  public static void main(String[] arguments) throws Exception {
    var requests = new BufferedReader(new InputStreamReader(System.in));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      System.out.println(valid(line.split("\t", -1)));
    }
  }

  private static boolean valid(String[] request) throws Exception {
    String secret = request[1];
    String id = request[2];
    String timestamp = request[3];
    String signature = request[4];
    byte[] body = Base64.getDecoder().decode(request[5]);
    return switch (request[0]) {
      case "standard_webhooks" -> StandardWebhooks.verify(secret, id, timestamp, signature, body);
      case "timestamped_hex" -> TimestampedHex.verify(secret, timestamp, signature, body);
      case "zenduty" -> Zenduty.verify(secret, signature, body);
      default -> throw new IllegalArgumentException(request[0]);
    };
  }
}
