import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signatureHeaders } from "../../../engine/src/webhooks/signing/sign.ts";
import { openWebhookStore } from "../../../examples/webhook-receiver/webhook-store.ts";
import { waitFor } from "../../support/wait-for.ts";

const MAIN = join(import.meta.dirname, "../../../examples/webhook-receiver/main.ts");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

interface Receiver {
  url: string;
  output(): string;
  kill(): Promise<void>;
}

function bodyOf(jobId: string): string {
  return JSON.stringify({ type: "job.completed", data: { jobId, output: { text: "Grüße" } } });
}

describe("examples/webhook-receiver", () => {
  let folder: string;
  const running: Receiver[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-receiver-"));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((receiver) => receiver.kill()));
    await rm(folder, { recursive: true });
  });

  const file = () => join(folder, "webhooks.sqlite");

  async function start(key: string): Promise<Receiver> {
    const env = { PATH: process.env.PATH, WEBHOOK_KEY: key, PORT: "0", WEBHOOK_FILE: file(), NODE_NO_WARNINGS: "1" };
    const child: ChildProcess = spawn(process.execPath, [MAIN], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    const port = await waitFor("the receiver to listen", async () => {
      assert.equal(child.exitCode, null, output);
      return /on port (\d+)/.exec(output)?.[1];
    });
    const kill = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    };
    const receiver = { url: `http://127.0.0.1:${port}`, output: () => output, kill };
    running.push(receiver);
    return receiver;
  }

  function send(receiver: Receiver, id: string, body: string, secrets: string[], at = new Date()): Promise<Response> {
    return fetch(receiver.url, { method: "POST", headers: signatureHeaders(secrets, { id, at, body }), body });
  }

  it("takes a signed webhook and does its work once, however often it comes", async () => {
    const receiver = await start(SECRET);
    assert.equal((await send(receiver, "msg_1", bodyOf("j1"), [SECRET])).status, 204);
    assert.equal((await send(receiver, "msg_1", bodyOf("j1"), [SECRET])).status, 204);
    assert.equal((await send(receiver, "msg_2", bodyOf("j2"), [SECRET])).status, 204);
    await waitFor("the work", async () => receiver.output().includes("j2 completed"));
    assert.equal(receiver.output().split('j1 completed: {"text":"Grüße"}').length - 1, 1);
    assert.match(receiver.output(), /msg_1 came again/);
  });

  it("knows a webhook again after it was killed, and does the work that was left", async () => {
    const before = await start(SECRET);
    assert.equal((await send(before, "msg_1", bodyOf("j1"), [SECRET])).status, 204);
    // The receiver works on one webhook at a time: once it is at the next one, it has noted that the first is done.
    assert.equal((await send(before, "msg_0", bodyOf("j0"), [SECRET])).status, 204);
    await waitFor("the work", async () => before.output().includes("j0 completed"));
    await before.kill();
    const store = openWebhookStore(file());
    store.keep("msg_2", bodyOf("j2"));
    store.close();

    const after = await start(SECRET);
    await waitFor("the work that was left", async () => after.output().includes("j2 completed"));
    assert.equal((await send(after, "msg_1", bodyOf("j1"), [SECRET])).status, 204);
    assert.match(after.output(), /msg_1 came again/);
    assert.equal(after.output().includes("j1 completed"), false);
  });

  it("believes one signature of a rotation, and nothing that was changed, is old, or not signed", async () => {
    const receiver = await start(SECRET);
    assert.equal((await send(receiver, "msg_1", bodyOf("j1"), [OLD_SECRET, SECRET])).status, 204);
    assert.equal((await send(receiver, "msg_2", bodyOf("j2"), [OLD_SECRET])).status, 400);
    const old = new Date(Date.now() - 6 * 60_000);
    assert.equal((await send(receiver, "msg_3", bodyOf("j3"), [SECRET], old)).status, 400);
    const headers = signatureHeaders([SECRET], { id: "msg_4", at: new Date(), body: bodyOf("j4") });
    assert.equal((await fetch(receiver.url, { method: "POST", headers, body: bodyOf("j5") })).status, 400);
    assert.equal((await fetch(receiver.url, { method: "POST", body: bodyOf("j6") })).status, 400);
    await waitFor("the work", async () => receiver.output().includes("j1 completed"));
    assert.doesNotMatch(receiver.output(), /j[2-6] completed/);
  });

  it("believes v1a signatures by the public key", async () => {
    const receiver = await start(PUBLIC_KEY);
    assert.equal((await send(receiver, "msg_1", bodyOf("j1"), [PRIVATE_KEY])).status, 204);
    assert.equal((await send(receiver, "msg_2", bodyOf("j2"), [SECRET])).status, 400);
    const old = new Date(Date.now() - 6 * 60_000);
    assert.equal((await send(receiver, "msg_3", bodyOf("j3"), [PRIVATE_KEY], old)).status, 400);
    await waitFor("the work", async () => receiver.output().includes("j1 completed"));
  });

  it("takes no more of a body than a webhook may have, and no GET", async () => {
    const receiver = await start(SECRET);
    const tooLarge = await send(receiver, "msg_1", "x".repeat(100_001), [SECRET]);
    assert.equal(tooLarge.status, 413);
    assert.equal((await fetch(receiver.url)).status, 405);
  });
});

describe("the example's store", () => {
  const store = openWebhookStore(":memory:");
  after(() => store.close());

  it("tries failed work again after 5 seconds, after all that is due, and five times at most", () => {
    const at = (second: number) => new Date(second * 1000);
    store.keep("a", "1");
    store.keep("b", "2");
    store.failed("a", at(0));
    assert.equal(store.next(at(1))?.id, "b");
    store.done("b");
    assert.equal(store.next(at(4)), undefined);
    for (const second of [5, 10, 15, 20]) {
      assert.deepEqual(store.next(at(second)), { id: "a", body: "1" });
      store.failed("a", at(second));
    }
    assert.equal(store.next(at(1000)), undefined);
    assert.equal(store.keep("b", "2"), false, "what is done stays known");
  });
});
