import assert from "node:assert/strict";
import { parseStartOptions } from "../../../local/options.ts";
import { parseTokenOptions } from "../../../local/token-options.ts";

const DEFAULTS = {
  console: 5000,
  api: 5001,
  inbox: 5002,
  firestore: 8080,
  pubsub: 8085,
  auth: 9099,
  storage: 9199,
  tasks: 9499,
};

describe("the options of npm start", () => {
  it("are the usual ports and readable output by default", () => {
    assert.deepEqual(parseStartOptions([]), { outcome: "run", json: false, guard: "local", ports: DEFAULTS });
  });

  it("take --json and free ports", () => {
    assert.deepEqual(parseStartOptions(["--json", "--ports", "auto"]), {
      outcome: "run",
      json: true,
      guard: "local",
      ports: "auto",
    });
  });

  it("take single ports and leave the others as they are", () => {
    const request = parseStartOptions(["--ports=api=6001,auth=6099"]);
    assert.deepEqual(request, {
      outcome: "run",
      json: false,
      guard: "local",
      ports: { ...DEFAULTS, api: 6001, auth: 6099 },
    });
  });

  it("take a list of faults", () => {
    const request = parseStartOptions(["--chaos", "seed=42,duplicate=0.2,kill=3s"]);
    const chaos = { seed: 42, duplicate: 0.2, killEveryMs: 3_000 };
    assert.deepEqual(request, { outcome: "run", json: false, guard: "local", ports: DEFAULTS, chaos });
  });

  it("take production's guard", () => {
    const request = parseStartOptions(["--guard", "strict", "--ports", "auto"]);
    assert.deepEqual(request, { outcome: "run", json: false, ports: "auto", guard: "strict" });
  });

  it("take origins of pages and ports for webhooks, each several times", () => {
    const args = [
      "--allow-origin",
      "https://My.dev/",
      "--allow-origin",
      "http://a.test:8000",
      "--webhook-port",
      "9000",
      "--webhook-port=9001",
    ];
    assert.deepEqual(parseStartOptions(args), {
      outcome: "run",
      json: false,
      guard: "local",
      ports: DEFAULTS,
      allowedOrigins: ["https://my.dev", "http://a.test:8000"],
      webhookPorts: [9000, 9001],
    });
  });

  it("name ports in their help that the start takes", () => {
    const help = parseStartOptions(["--help"]);
    assert.ok(help.outcome === "help");
    const examples = [...help.text.matchAll(/--ports (\w+=[\w=,]+)/g)].map(([, ports = ""]) => ports);
    assert.equal(examples.length, 1);
    for (const ports of examples) assert.equal(parseStartOptions(["--ports", ports]).outcome, "run");
  });

  it("explain themselves", () => {
    assert.equal(parseStartOptions(["--help"]).outcome, "help");
  });

  for (const [args, message] of [
    [["--jsn"], "Unknown option '--jsn'"],
    [["extra"], "Unexpected argument 'extra'"],
    [["--chaos", "kill=3"], '--chaos: "3" is no duration for kill (e.g. 500ms, 3s, 2m)'],
    [["--guard", "none"], '--guard: there is no guard "none"; give local or strict'],
    [["--ports", "api=5000"], "--ports: console and api cannot both be 5000"],
    [["--ports", "api=7000,inbox=7000"], "--ports: api and inbox cannot both be 7000"],
    [["--ports", "api=7000,api=7001"], "--ports: api is given twice"],
    [["--ports", "api=7000=7001"], '--ports: "7000=7001" is no port number for api (1 to 65535)'],
    [
      ["--ports", "console=6000"],
      "--ports: browsers refuse to connect to port 6000 (console); see https://fetch.spec.whatwg.org/#port-blocking",
    ],
    [["--webhook-port", "22"], "--webhook-port: no webhook goes to port 22: take 80, 443 or one from 1024 up"],
    [["--webhook-port", "6000"], "--webhook-port: no webhook goes to port 6000: take 80, 443 or one from 1024 up"],
    [["--webhook-port", "x"], '--webhook-port: "x" is no port number (1 to 65535)'],
    [
      ["--allow-origin", "my.dev"],
      '--allow-origin: "my.dev" is no origin (e.g. https://my.dev or http://app.test:8000)',
    ],
    [["--ports", "api=0"], '--ports: "0" is no port number for api (1 to 65535)'],
    [["--ports", "api=65536"], '--ports: "65536" is no port number for api (1 to 65535)'],
    [["--ports", "api"], '--ports: "" is no port number for api (1 to 65535)'],
    [
      ["--ports", "apy=1"],
      '--ports: there is no port "apy"; give auto, or name=number with console, api, inbox, firestore, pubsub, auth, storage, tasks',
    ],
  ] as const) {
    it(`refuse ${args.join(" ")} in one clear line`, () => {
      assert.deepEqual(parseStartOptions([...args]), { outcome: "refused", message });
    });
  }
});

describe("the options of npm run token", () => {
  it("name a user, claims, and where the Auth emulator is", () => {
    const args = ["ada", "--tier", "pro", "--admin", "--auth-host", "127.0.0.1:7000"];
    assert.deepEqual(parseTokenOptions(args, {}), {
      outcome: "run",
      uid: "ada",
      claims: { batonTier: "pro", batonRole: "admin" },
      authHost: "127.0.0.1:7000",
    });
  });

  it("find the Auth emulator by the environment, else at its usual port", () => {
    const named = { FIREBASE_AUTH_EMULATOR_HOST: "127.0.0.1:7000" };
    const hosts = [named, { FIREBASE_AUTH_EMULATOR_HOST: "" }, {}].map((env) => {
      const request = parseTokenOptions(["ada"], env);
      return request.outcome === "run" ? request.authHost : undefined;
    });
    assert.deepEqual(hosts, ["127.0.0.1:7000", "127.0.0.1:9099", "127.0.0.1:9099"]);
  });

  it("refuse an address of the Auth emulator that is no host and port", () => {
    for (const host of ["", "127.0.0.1", "http://127.0.0.1:9099", "a b:1"]) {
      const request = parseTokenOptions(["ada", "--auth-host", host], {});
      const message = `--auth-host: "${host}" is no host and port, such as 127.0.0.1:9099`;
      assert.deepEqual(request, { outcome: "refused", message });
    }
  });

  it("refuse a missing uid, two of them, and one that is too long", () => {
    const messages = [[], ["ada", "bob"], ["a".repeat(129)]].map((args) => {
      const request = parseTokenOptions(args, {});
      return request.outcome === "refused" ? request.message : undefined;
    });
    assert.deepEqual(messages, [
      "give the uid of a user, e.g. npm run token -- ada",
      'one uid, please; "bob" is too much',
      "a uid has at most 128 characters",
    ]);
  });
});
