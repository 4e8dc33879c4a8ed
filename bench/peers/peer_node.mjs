// SPDX-License-Identifier: Apache-2.0
// A peer's process in Node: NAME FOLDER MODULES. What it says and is told is that of peer_main.c. Caches of results are off.
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";

const [name, folder, modules] = process.argv.slice(2);
const require = createRequire(path.join(modules, "x.js"));
const read = (file) => fs.readFileSync(path.join(folder, file), "utf8");
const NOW = 1760003000;
const alg = read("alg").trim(), tokens = read("tokens").trim().split("\n"), pem = read("key.pem");
const keys = new Map(JSON.parse(read("keys.json")).keys.map((jwk) => [jwk.kid, crypto.createPublicKey({ key: jwk, format: "jwk" })]));
const claimsFit = (claims) => claims.iss.startsWith("https://sts.windows.net/") && claims.aud.startsWith("api://");

const peers = {
  jsonwebtoken() {
    const { decode, verify } = require("jsonwebtoken");
    const key = crypto.createPublicKey(pem), options = { algorithms: [alg], clockTimestamp: NOW };
    return {
      signature: (token) => !!verify(token, key, { ...options, ignoreExpiration: true, ignoreNotBefore: true }),
      full: (token) => claimsFit(verify(token, keys.get(decode(token, { complete: true }).header.kid), options)),
    };
  },
  "fast-jwt"() {
    const { createDecoder, createVerifier } = require("fast-jwt");
    const make = (key, others) => createVerifier({ key, algorithms: [alg], cache: false, clockTimestamp: NOW * 1000, ...others });
    const signature = make(pem, { ignoreExpiration: true, ignoreNotBefore: true }), decode = createDecoder({ complete: true });
    const ownType = crypto.createPublicKey(pem).asymmetricKeyType;
    const verifiers = new Map([...keys].filter(([, key]) => key.asymmetricKeyType === ownType).map(([kid, key]) =>
      [kid, make(key.export({ type: "spki", format: "pem" }), {})]));
    return { signature: (token) => !!signature(token), full: (token) => claimsFit(verifiers.get(decode(token).header.kid)(token)) };
  },
  async jose() {
    const { compactVerify, createLocalJWKSet, importSPKI, jwtVerify } = require("jose");
    const key = await importSPKI(pem, alg), set = createLocalJWKSet(JSON.parse(read("keys.json"))), options = { currentDate: new Date(NOW * 1000) };
    return {
      signature: async (token) => !!(await compactVerify(token, key)),
      full: async (token) => claimsFit((await jwtVerify(token, set, options)).payload),
    };
  },
};

function say(line) {
  fs.writeSync(1, line + "\n");
}

let peer;
try {
  peer = await peers[name]();
  for (const mode of ["signature", "full"]) {
    await peer[mode](tokens[0]);
  }
} catch (error) {
  say("not-here " + String(error.message).split("\n")[0]);
  process.exit(0);
}
say("ready signature full");
let number = 0;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [mode, count] = line.split(" "), run = peer[mode];
  let ok = true;
  try {
    if (name === "jose") {
      for (let i = 0; i < +count; i++) ok = (await run(tokens[number++ % tokens.length])) && ok;
    } else {
      for (let i = 0; i < +count; i++) ok = run(tokens[number++ % tokens.length]) && ok;
    }
  } catch (error) {
    ok = false;
  }
  say(ok ? "ok" : "wrong");
}
