import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { nameResolver, resolveAsSystem } from "../../../engine/src/webhooks/egress/resolve-name.ts";

/** The names that this machine's own file gives an IPv4 address: `localhost` at least. */
function namesOfThisMachine(): [name: string, address: string][] {
  const lines = readFileSync("/etc/hosts", "utf8").split("\n");
  const fields = lines.map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  return fields.flatMap(([address = "", ...names]) =>
    isIPv4(address) ? names.map((name): [string, string] => [name, address]) : [],
  );
}

describe("a name in /etc/hosts", () => {
  const never = new AbortController().signal;

  it("resolves by the system, as in the local cloud", async () => {
    const names = namesOfThisMachine();
    assert.ok(names.length > 0);
    for (const [name, address] of names) assert.ok((await resolveAsSystem(name, never)).includes(address), name);
  });

  it("does not resolve by a name server, except localhost and names below it", async () => {
    const deadServer = nameResolver(["127.0.0.1:9"]);
    assert.deepEqual(await deadServer("hooks.localhost", never), ["127.0.0.1", "::1"]);
    const others = namesOfThisMachine().filter(([name]) => !/(^|\.)localhost$/.test(name));
    for (const [name] of others) await assert.rejects(deadServer(name, never), { message: `${name} has no address` });
  });
});
