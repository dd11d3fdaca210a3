import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get } from "node:http";
import { keepAliveAgent } from "../../../local/http.ts";

describe("a connection to a function", () => {
  it("is used again, and closed before the function would close it", async () => {
    const server = createServer((_, response) => response.end());
    server.keepAliveTimeout = 60_000;
    let [connections, closed] = [0, 0];
    server.on("connection", (socket) => {
      connections += 1;
      socket.on("close", () => {
        closed += 1;
        server.emit("rested");
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address && typeof address === "object");
    try {
      for (let n = 0; n < 3; n++) {
        const [response] = await once(get({ port: address.port, agent: keepAliveAgent }), "response");
        response.resume();
        await once(response, "end");
      }
      assert.deepEqual([connections, closed], [1, 0]);
      await once(server, "rested", { signal: AbortSignal.timeout(30_000) });
      assert.deepEqual([connections, closed], [1, 1]);
    } finally {
      server.close();
    }
  });
});
