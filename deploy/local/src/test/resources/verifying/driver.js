// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0

// A line per request in; a line per verdict out.
const fs = require("node:fs");
const { verifyStandardWebhooks } = require("./verifyStandardWebhooks.js");
const { verifyTimestampedHex } = require("./verifyTimestampedHex.js");
const { verifyZenduty } = require("./verifyZenduty.js");

const verify = {
  standard_webhooks: verifyStandardWebhooks,
  timestamped_hex: (secret, id, timestamp, signature, body) =>
    verifyTimestampedHex(secret, timestamp, signature, body),
  zenduty: (secret, id, timestamp, signature, body) => verifyZenduty(secret, signature, body),
};

for (const line of fs.readFileSync(0, "utf8").split("\n").filter((one) => one !== "")) {
  const [scheme, secret, id, timestamp, signature, body] = line.split("\t");
  console.log(verify[scheme](secret, id, timestamp, signature, Buffer.from(body, "base64")));
}
