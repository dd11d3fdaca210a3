import assert from "node:assert/strict";
import { createServer } from "node:net";
import { functionEnvironment } from "../../../local/functions/environment.ts";
import { restartPauseMs } from "../../../local/functions/restart-pause.ts";
import { isNoise, lineSplitter, readableLine } from "../../../local/log.ts";
import { assertFree, freePort, HOST } from "../../../local/ports.ts";
import { createScope } from "../../../local/scope.ts";
import { customToken } from "../../../local/users.ts";

describe("the local cloud's log", () => {
  it("shows a structured entry as words", () => {
    const line = '{"severity":"WARNING","message":"webhook failed","status":500,"kind":"http"}';
    assert.equal(readableLine(line), "WARNING webhook failed status=500 kind=http");
    assert.equal(readableLine('{"severity":"INFO","message":"hello"}'), "hello");
  });

  it("shows any other line as it is", () => {
    assert.equal(readableLine("{broken"), "{broken");
    assert.equal(readableLine("Error: no"), "Error: no");
  });

  it("keeps lines together that arrive in pieces", () => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    for (const chunk of ["on", "e\ntwo\r\nth", "ree"]) splitter.push(chunk);
    splitter.end();
    assert.deepEqual(lines, ["one", "two", "three"]);
  });

  it("drops the emulators' chatter but not their errors", () => {
    assert.equal(isNoise("firestore", "Dev App Server is now running."), true);
    assert.equal(isNoise("firestore", "SEVERE: out of memory"), false);
    assert.equal(isNoise("worker", "Serving function..."), true);
    assert.equal(isNoise("worker", "job done"), false);
  });
});

describe("the ports of the local cloud", () => {
  it("are refused with one message that names every taken one", async () => {
    const server = createServer();
    const port = await freePort();
    const other = await freePort();
    await new Promise<void>((resolve) => server.listen(port, HOST, resolve));
    await assert.rejects(assertFree({ api: port, inbox: other }), (error: Error) => {
      const [sentence = "", advice] = error.message.split("\n");
      assert.match(
        sentence,
        new RegExp(`^Port ${port} \\(api\\) is taken by (another program|.+ \\(process ${process.pid}\\))\\.$`),
      );
      assert.equal(
        advice,
        "Stop that program (perhaps a local cloud is already running), or start on free ports: npm start -- --ports auto",
      );
      return error.name === "LocalCloudError";
    });
    await new Promise((resolve) => server.close(resolve));
    await assertFree({ api: port });
  });

  it("are not handed out twice", async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    assert.equal(new Set(ports).size, 50);
  });
});

describe("the scope of a cloud", () => {
  it("undoes in reverse order, each step once, also when one fails", async () => {
    const undone: string[] = [];
    const scope = createScope();
    await scope.add(() => void undone.push("first"));
    await scope.add(() => Promise.reject(new Error("second failed")));
    await scope.add(() => void undone.push("third"));
    const ends = await Promise.allSettled([scope.close(), scope.close()]);
    assert.deepEqual(undone, ["third", "first"]);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["rejected", "rejected"],
    );
  });

  it("undoes at once what is added while it closes", async () => {
    const undone: string[] = [];
    const scope = createScope();
    await scope.close();
    await scope.add(() => void undone.push("late"));
    assert.deepEqual(undone, ["late"]);
  });
});

describe("a function's environment", () => {
  const spec = {
    name: "worker",
    entryPoint: "worker",
    folder: "/bundle",
    timeoutMs: 540_000,
    concurrency: 4,
    maxInstances: 10,
    memoryMb: 512,
    region: "us-central1",
    secrets: ["YOUTUBE_API_KEY"],
    trigger: { kind: "pubsub", topic: "baton-jobs-default", retry: true },
  } as const;
  const settings = {
    projectId: "demo-baton",
    hosts: { firestore: "127.0.0.1:1", pubsub: "127.0.0.1:2", auth: "127.0.0.1:3", tasks: "127.0.0.1:4" },
    secrets: { YOUTUBE_API_KEY: "key", WEBHOOK_MASTER_SECRET: "secret" },
    variables: { LEASE_MS: "3000" },
  };

  it("holds the emulators, the settings, and of the secrets only those it declares", () => {
    const environment = functionEnvironment({ ...spec, secrets: [...spec.secrets] }, settings, { AWS_KEY: "mine" });
    assert.equal(environment.FIRESTORE_EMULATOR_HOST, "127.0.0.1:1");
    assert.equal(environment.FIREBASE_AUTH_EMULATOR_HOST, "127.0.0.1:3");
    assert.equal(environment.LEASE_MS, "3000");
    assert.equal(environment.K_SERVICE, "worker");
    assert.equal(environment.FUNCTION_SIGNATURE_TYPE, "cloudevent");
    assert.equal(environment.YOUTUBE_API_KEY, "key");
    assert.equal("WEBHOOK_MASTER_SECRET" in environment, false);
    assert.equal("AWS_KEY" in environment, false);
  });
});

describe("a function that dies", () => {
  it("is replaced at once, unless it keeps dying at once: then after 250 ms, doubling to 10 s", () => {
    assert.deepEqual([0, 1, 2, 3, 6, 7, 1000].map(restartPauseMs), [0, 250, 500, 1000, 8000, 10_000, 10_000]);
  });
});

describe("a custom token for the Auth emulator", () => {
  it("carries the uid and the claims, unsigned", () => {
    const [header = "", payload = "", signature] = customToken("ada", { tier: "pro" }, 1_700_000_000_000).split(".");
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
    assert.deepEqual(decode(header), { alg: "none", typ: "JWT" });
    assert.deepEqual(decode(payload), {
      aud: "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
      iat: 1_700_000_000,
      exp: 1_700_003_600,
      iss: "local@demo-baton.iam.gserviceaccount.com",
      sub: "local@demo-baton.iam.gserviceaccount.com",
      uid: "ada",
      claims: { tier: "pro" },
    });
    assert.equal(signature, "");
  });
});
