import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { connect, createServer as createNetServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmulatorDoor } from "../../../../local/doors/emulator-door.ts";
import { type Listening, whenListening } from "../../../../local/http.ts";

const OPTIONS = { name: "emulator", rules: { allowedOrigins: [] } };

async function portOf(server: NetServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe("the door of an emulator", () => {
  let target: Server;
  let door: Listening;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    target = createServer(async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      seen.push(`${req.method} ${req.url} ${Buffer.concat(chunks)}`);
      res.writeHead(200, { "x-seen": "1" });
      res.write("first ");
      setImmediate(() => res.end("second"));
    });
    door = await openEmulatorDoor({ host: "127.0.0.1", port: await portOf(target) }, 0, OPTIONS);
  });
  afterEach(async () => {
    await door.close();
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
  });

  it("passes requests of this machine on, and their answers back", async () => {
    const answer = await fetch(`${door.url}/a?b=c`, {
      method: "POST",
      body: "text",
      headers: { origin: "http://localhost:5173" },
    });
    assert.deepEqual([answer.status, answer.headers.get("x-seen"), await answer.text()], [200, "1", "first second"]);
    assert.deepEqual(seen, ["POST /a?b=c text"]);
  });

  it("refuses pages of other sites, by origin and by host, before the emulator sees them", async () => {
    const byOrigin = await fetch(door.url, { headers: { origin: "https://evil.example" } });
    assert.deepEqual([byOrigin.status, byOrigin.headers.get("access-control-allow-origin")], [403, null]);
    const [byHost] = await once(
      request(door.url, { headers: { host: `evil.example:${door.port}` } }).end(),
      "response",
    );
    assert.equal(byHost.statusCode, 403);
    byHost.destroy();
    assert.deepEqual(seen, []);
  });

  it("keeps a body of unnamed length a body, whatever the method", async () => {
    const hidden = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    const req = request(`${door.url}/real`, { method: "DELETE", headers: { "transfer-encoding": "chunked" } });
    const [answer] = await once(req.end(hidden), "response");
    answer.resume();
    await once(answer, "end");
    assert.deepEqual(seen, [`DELETE /real ${hidden}`]);
  });

  it("breaks off when the emulator is gone, as at a closed port", async () => {
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    await assert.rejects(fetch(door.url), TypeError);
    target = createServer();
    await portOf(target);
  });
});

describe("the door of an emulator that closes connections it need not keep", () => {
  it("passes every answer on: it asks the emulator to keep the connection", async () => {
    const folder = await mkdtemp(join(tmpdir(), "baton-door-"));
    const socketPath = join(folder, "early");
    // In a process of its own, it answers while the door still sends.
    const code = 'require("node:http").createServer((_req, res) => res.end("ok")).listen(process.argv[1])';
    const early = spawn(process.execPath, ["-e", code, socketPath]);
    await whenListening({ socketPath }, AbortSignal.timeout(20_000));
    const door = await openEmulatorDoor({ socketPath }, 0, OPTIONS);
    const statuses: number[] = [];
    for (let i = 0; i < 200; i++) statuses.push((await fetch(door.url, { method: "POST", body: "text" })).status);
    assert.deepEqual(new Set(statuses), new Set([200]));
    await door.close();
    early.kill();
    await once(early, "exit");
    await rm(folder, { recursive: true });
  });
});

describe("the door of an emulator that speaks HTTP/2", () => {
  it("passes HTTP/2 connections on byte by byte, also when their first bytes come in pieces", async () => {
    const echo = createNetServer((socket) => socket.pipe(socket));
    const door = await openEmulatorDoor({ host: "127.0.0.1", port: await portOf(echo) }, 0, OPTIONS);
    const sent = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0frames";
    const client = connect(door.port, "127.0.0.1").setNoDelay().setEncoding("utf8");
    let text = "";
    client.on("data", (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => client.write(sent.slice(0, 2), resolve));
    await new Promise((resolve) => setImmediate(resolve));
    client.end(sent.slice(2));
    await once(client, "end");
    assert.equal(text, sent);
    await door.close();
    await new Promise((resolve) => echo.close(resolve));
  });
});
