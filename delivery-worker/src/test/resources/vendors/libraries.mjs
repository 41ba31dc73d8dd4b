// SPDX-FileCopyrightText: Postrider contributors
// SPDX-License-Identifier: Apache-2.0

// Reads requests, one a line as JSON, and says of each whether its vendor's library takes it.
import "@shopify/shopify-api/adapters/node";
import { verify } from "@octokit/webhooks-methods";
import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { AwsLambdaReceiver } from "@zoom/rivet/meetings";
import { createVerifier, httpbis } from "http-message-signatures";
import { createHash, createPublicKey } from "node:crypto";
import { createInterface } from "node:readline";

console.debug = () => {};

async function github({ secret, headers, body }) {
  return verify(secret, body, headers["x-hub-signature-256"]);
}

async function shopify({ secret, headers, body }) {
  const api = shopifyApi({
    apiKey: "key",
    apiSecretKey: secret,
    apiVersion: "2026-07",
    hostName: "receiver.example",
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error, log: () => {} },
  });
  const rawRequest = { method: "POST", url: "/", headers };
  return (await api.webhooks.validate({ rawBody: body, rawRequest })).valid;
}

async function zoom({ secret, headers, body }) {
  const receiver = new AwsLambdaReceiver({ webhooksSecretToken: secret });
  const answer = await receiver.start()({ headers, body, isBase64Encoded: false }, {});
  return answer.statusCode === 200;
}

async function messageSignature({ method, url, headers, body }, key, algorithm) {
  const digest = createHash("sha256").update(body).digest("base64");
  const verifying = { algs: [algorithm], verify: createVerifier(key, algorithm) };
  return (
    headers["content-digest"] === `sha-256=:${digest}:` &&
    (await httpbis.verifyMessage(
      { keyLookup: async () => verifying, maxAge: 300, requiredFields: ["content-digest"] },
      { method, url, headers },
    )) === true
  );
}

/** Of whsec_… and whpk_… what stands behind the underscore. */
const bytes = (text) => Buffer.from(text.split("_")[1], "base64");

const LIBRARIES = {
  github,
  shopify,
  zoom,
  rfc9421_hmac: (request) => messageSignature(request, bytes(request.secret), "hmac-sha256"),
  rfc9421_ed25519: (request) => {
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes(request.secret)]);
    return messageSignature(request, createPublicKey({ key: der, format: "der", type: "spki" }), "ed25519");
  },
};

async function accepts(request) {
  try {
    return await LIBRARIES[request.scheme](request);
  } catch (refused) {
    process.stderr.write(`${request.scheme}: ${refused}\n`);
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(await accepts(JSON.parse(line)));
}
