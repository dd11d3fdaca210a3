import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebhookEventType } from "@baton/protocol";
import { verifyWebhook } from "../../../client/src/webhooks.ts";
import { nextAttemptAt } from "../../../engine/src/webhooks/rules/schedule.ts";
import { signatureHeaders } from "../../../engine/src/webhooks/signing/sign.ts";
import { assertLinksLead, assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const OTHER_PUBLIC_KEY = "whpk_O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=";
/** Not only ASCII, and not as JSON.stringify would print it. */
const BODY = '{ "type": "job.completed",\n "data": {"text": "Grüße, 日本 \\" $(id)"} }';

const document = readFileSync(join(ROOT, "docs/receiving-webhooks.md"), "utf8");
const blocks = codeBlocks(document);

/** The text of the block named `name`. */
function program(name: string): string {
  const found = blocks.find(({ info }) => info.split(" ")[1] === name);
  assert.ok(found, `the document has no block named ${name}`);
  return found.text;
}

interface Run {
  code: number;
  stdout: string;
}

/** Runs a program with its text at standard input. */
function run(command: string, args: string[], input: string, cwd: string, env: Record<string, string>): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...env } };
    const child = execFile(command, args, options, (error, stdout) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout: stdout.trim() });
    });
    child.stdin?.end(input);
  });
}

/** A webhook that was signed as the functions sign. */
function signed(secrets: string[], at = new Date(), body = BODY): Record<string, string> {
  return signatureHeaders(secrets, { id: "msg_0123456789abcdef0123456789abcdef", at, body });
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

describe("docs/receiving-webhooks.md", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-receiving-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("has an example of every event, and a link to its schema", () => {
    for (const type of WebhookEventType.options) {
      program(`docs/webhook-schemas/${type}.example.json`);
      assert.ok(document.includes(`### ${type}\n\n[Schema](webhook-schemas/${type}.schema.json)`), type);
    }
  });

  for (const block of blocks.filter(({ info }) => /^(ts|json) /.test(info))) {
    it(`has the text of ${block.info.split(" ")[1]}`, () => assertSameAsFile(block));
  }

  it("links to files and headings that exist", () => assertLinksLead(document));

  it("tells the waits as they are", () => {
    const start = new Date(0);
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tries) => Number(nextAttemptAt(tries, start, 0)) / 1000);
    assert.deepEqual(waits, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    const row = "| at once | 5 s | 5 min | 30 min | 2 h | 5 h | 10 h | 14 h | 20 h | 24 h |";
    assert.ok(document.includes(`| after the one before ${row}`));
  });

  for (const [file, name, key, secrets, strangers] of [
    ["examples/webhook-receiver/verify.ts", "verify", SECRET, [OLD_SECRET, SECRET], [OLD_SECRET]],
    ["examples/webhook-receiver/verify-asymmetric.ts", "verifyAsymmetric", PUBLIC_KEY, [SECRET, PRIVATE_KEY], [SECRET]],
  ] as const) {
    const give = (headers: Record<string, string>, body: string) => {
      const call = `process.stdout.write(JSON.stringify(${name}(${[key, headers, body].map((x) => JSON.stringify(x))})));`;
      return run(process.execPath, ["--input-type=module-typescript", "-"], `${program(file)}\n${call}`, ROOT, {});
    };

    it(`verifies a webhook with its ${name} in TypeScript`, async () => {
      const { code, stdout } = await give(signed([...secrets]), BODY);
      assert.deepEqual([code, JSON.parse(stdout)], [0, JSON.parse(BODY)]);
    });

    it(`believes nothing changed, foreign, or old with its ${name} in TypeScript`, async () => {
      const changed = give(signed([...secrets]), `${BODY} `);
      const foreign = give(signed([...strangers]), BODY);
      const old = give(signed([...secrets], minutesAgo(6)), BODY);
      const runs = await Promise.all([changed, foreign, old, give({}, BODY)]);
      assert.deepEqual(
        runs.map(({ code, stdout }) => [code, stdout]),
        [1, 1, 1, 1].map((code) => [code, ""]),
      );
    });
  }

  /** Runs a block for the shell in a folder of its own, with a webhook in it. */
  async function shell(name: string, headers: Record<string, string>, env: Record<string, string>, body = BODY) {
    await writeFile(join(folder, "body.json"), body);
    const values = {
      ID: headers["webhook-id"] ?? "",
      TIMESTAMP: headers["webhook-timestamp"] ?? "",
      SIGNATURES: headers["webhook-signature"] ?? "",
    };
    return run("sh", ["-s"], program(name), folder, { ...values, ...env });
  }

  it("verifies a webhook with openssl", async () => {
    const env = { WEBHOOK_SECRET: SECRET };
    const good = { code: 0, stdout: "verified" };
    const bad = { code: 1, stdout: "not verified" };
    assert.deepEqual(await shell("verify-v1", signed([SECRET]), env), good);
    assert.deepEqual(await shell("verify-v1", signed([OLD_SECRET, SECRET]), env), good);
    assert.deepEqual(await shell("verify-v1", signed([SECRET]), env, `${BODY} `), bad);
    assert.deepEqual(await shell("verify-v1", signed([OLD_SECRET]), env), bad);
    const late = { code: 1, stdout: "too old, or too new" };
    assert.deepEqual(await shell("verify-v1", signed([SECRET], minutesAgo(6)), env), late);
    assert.deepEqual(await shell("verify-v1", signed([SECRET], minutesAgo(-6)), env), late);
  });

  it("verifies a webhook with openssl and the public key", async () => {
    const env = { PUBLIC_KEY };
    const bad = { code: 1, stdout: "not verified" };
    assert.deepEqual(await shell("verify-v1a", signed([PRIVATE_KEY]), env), { code: 0, stdout: "verified" });
    assert.deepEqual(await shell("verify-v1a", signed([SECRET, PRIVATE_KEY]), env), { code: 0, stdout: "verified" });
    assert.deepEqual(await shell("verify-v1a", signed([PRIVATE_KEY]), env, `${BODY} `), bad);
    assert.deepEqual(await shell("verify-v1a", signed([PRIVATE_KEY]), { PUBLIC_KEY: OTHER_PUBLIC_KEY }), bad);
    assert.deepEqual(await shell("verify-v1a", signed([SECRET]), env), bad);
  });

  it("sends a webhook with curl that a receiver believes", async () => {
    const body = program("docs/webhook-schemas/job.completed.example.json");
    const received: string[] = [];
    const server = createServer(async (request, response) => {
      const text = (await request.setEncoding("utf8").toArray()).join("");
      received.push(verifyWebhook(SECRET, request.headers, text).type);
      response.writeHead(204).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address && typeof address === "object");
    const env = { WEBHOOK_SECRET: SECRET, URL: `http://127.0.0.1:${address.port}/` };
    const sent = await shell("send-signed", {}, env, body);
    server.close();
    assert.deepEqual([sent, received], [{ code: 0, stdout: "204" }, ["job.completed"]]);
  });
});
