import assert from "node:assert/strict";
import { type ChildProcess, type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { REPOSITORY } from "../../local/builds.ts";
import { isAlive } from "../../local/is-alive.ts";
import { freePort, HOST } from "../../local/ports.ts";
import { waitFor } from "../support/wait-for.ts";

const START = fileURLToPath(new URL("../../local/start.ts", import.meta.url));

/** The most time for a start to end, on a busy machine too. */
const END_MS = 20_000;

/** A started `npm start` and what it has printed. */
interface Started {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
}

/** Every cloud a test started; what a failed test leaves behind would keep the whole run from ending. */
const clouds: ChildProcess[] = [];

function start(args: string[], env: NodeJS.ProcessEnv = {}): Started {
  return watch(spawn(process.execPath, [START, ...args], { env: { ...process.env, ...env } }));
}

function watch(child: ChildProcessWithoutNullStreams): Started {
  clouds.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Process ids of the direct children of a process; the cloud's processes have none of their own. */
function childrenOf(pid: number | undefined): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

async function noneLeft(pids: number[]): Promise<void> {
  await waitFor(`the end of processes ${pids.filter(isAlive).join(", ")}`, async () => !pids.some(isAlive));
}

describe("npm start", () => {
  afterEach(() => {
    for (const cloud of clouds.splice(0)) cloud.kill("SIGKILL");
  });

  it("prints one line of JSON once everything answers, and leaves nothing behind after SIGTERM", async () => {
    const cloud = start(["--json", "--ports", "auto"]);
    await waitFor("the addresses", async () => cloud.stdout().endsWith("\n"), 240_000);
    const addresses: unknown = JSON.parse(cloud.stdout());
    assert.ok(typeof addresses === "object" && addresses !== null);
    assert.deepEqual(Object.keys(addresses), [
      "apiUrl",
      "consoleUrl",
      "inboxUrl",
      "firestoreHost",
      "pubsubHost",
      "authHost",
      "storageUrl",
      "tasksHost",
      "projectId",
    ]);
    for (const address of Object.values(addresses).slice(0, 8)) {
      const url = String(address).startsWith("http") ? String(address) : `http://${address}`;
      assert.ok((await fetch(url)).status < 500, `${url} does not answer`);
    }
    const pids = childrenOf(cloud.process.pid);
    assert.equal(pids.length, 12, "3 emulators, 8 functions and the watchdog");
    cloud.process.kill("SIGTERM");
    assert.equal(await cloud.ended, 0);
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it("leaves nothing behind when npm, which started it, is asked to end", async () => {
    const npm = watch(spawn("npm", ["start", "--silent", "--", "--json", "--ports", "auto"], { cwd: REPOSITORY }));
    const cloud = await waitFor("npm to start it", async () => childrenOf(npm.process.pid)[0]);
    try {
      await waitFor("the addresses", async () => npm.stdout().endsWith("\n"), 240_000);
      const pids = [cloud, ...childrenOf(cloud)];
      npm.process.kill("SIGTERM");
      await noneLeft(pids);
    } finally {
      if (isAlive(cloud)) process.kill(cloud, "SIGKILL");
    }
  });

  it("leaves nothing behind when it is interrupted while starting", async () => {
    const cloud = start(["--json", "--ports", "auto"]);
    const pids = await waitFor("the first children", async () => {
      const children = childrenOf(cloud.process.pid);
      return children.length >= 3 && children;
    });
    cloud.process.kill("SIGINT");
    assert.equal(await cloud.ended, 130);
    assert.equal(cloud.stdout(), "");
    await noneLeft(pids);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    for (const count of [0, 1, 2, 4, 8]) {
      it(`ends within ${END_MS / 1000} s of ${signal} when it has started ${count} processes, and leaves none`, async () => {
        const cloud = start(["--json", "--ports", "auto"]);
        const pids = await waitFor(`${count} children`, async () => {
          const children = childrenOf(cloud.process.pid);
          return children.length >= count && children;
        });
        const sentAt = performance.now();
        cloud.process.kill(signal);
        // Node itself ends by a signal that comes before the program listens for it.
        const end = await cloud.ended;
        assert.ok(end === 130 || end === signal, String(end));
        assert.ok(performance.now() - sentAt < END_MS, `it took ${performance.now() - sentAt} ms`);
        await noneLeft(pids);
        assert.deepEqual(childrenOf(cloud.process.pid), []);
      });
    }
  }

  it("leaves nothing behind when it is killed", async () => {
    const cloud = start(["--json", "--ports", "auto"]);
    await waitFor("the addresses", async () => cloud.stdout().endsWith("\n"), 240_000);
    const pids = childrenOf(cloud.process.pid);
    cloud.process.kill("SIGKILL");
    assert.equal(await cloud.ended, "SIGKILL");
    await noneLeft(pids);
  });

  it("names a port that is taken and says what to do", async () => {
    const server = createServer();
    const ports = await Promise.all(Array.from({ length: 6 }, freePort));
    await new Promise<void>((resolve) => server.listen(ports[1], HOST, resolve));
    const names = ["console", "api", "inbox", "firestore", "pubsub", "auth"];
    const cloud = start(["--ports", names.map((name, index) => `${name}=${ports[index]}`).join(",")]);
    assert.equal(await cloud.ended, 1);
    const [sentence = "", advice] = cloud.stderr().trim().split("\n");
    const program = `(another program|.+ \\(process ${process.pid}\\))`;
    assert.match(sentence, new RegExp(`^Port ${ports[1]} \\(api\\) is taken by ${program}\\.$`));
    assert.equal(
      advice,
      "Stop that program (perhaps a local cloud is already running), or start on free ports: npm start -- --ports auto",
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it("says that Java is missing and how to get it", async () => {
    const cloud = start(["--ports", "auto"], { PATH: "/nonexistent" });
    assert.equal(await cloud.ended, 1);
    assert.match(cloud.stderr(), /need Java 17 or newer, and there is no java\.\nInstall one/);
    assert.doesNotMatch(cloud.stderr(), /\n {4}at /);
  });

  it("says which variable names an emulator that is not there", async () => {
    const cloud = start(["--ports", "auto"], { FIRESTORE_EMULATOR_JAR: "/nonexistent.jar" });
    assert.equal(await cloud.ended, 1);
    assert.equal(cloud.stderr().trim(), "FIRESTORE_EMULATOR_JAR names /nonexistent.jar, which does not exist.");
  });

  it("says that an emulator died while starting, with its last words", async () => {
    const broken = fileURLToPath(new URL("../../package.json", import.meta.url));
    const cloud = start(["--ports", "auto"], { PUBSUB_EMULATOR_JAR: broken });
    assert.equal(await cloud.ended, 1);
    assert.match(
      cloud.stderr(),
      /^\s*The pubsub emulator ended unexpectedly \(code 1\):\nError: Invalid or corrupt jarfile/,
    );
    assert.doesNotMatch(cloud.stderr(), /\n {4}at /);
  });
});
