import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { listen } from "../../../local/http.ts";

describe("listen", () => {
  for (const [how, handler] of [
    ["throws", (req: { url?: string | undefined }) => void new URL(req.url ?? "", "http://127.0.0.1")],
    ["rejects", async (req: { url?: string | undefined }) => void new URL(req.url ?? "", "http://127.0.0.1")],
  ] as const) {
    it(`answers 500 to a request that its handler ${how} at, and stays up`, async () => {
      const server = await listen(handler, 0, { name: "test server" });
      for (let asked = 0; asked < 2; asked++) {
        const socket = connect(server.port, "127.0.0.1");
        socket.write("GET // HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
        const [first] = await once(socket, "data");
        assert.match(String(first), /^HTTP\/1\.1 500 /);
        socket.destroy();
      }
      await server.close();
    });
  }

  it("logs what a handler threw, with the request", async () => {
    const lines: string[] = [];
    const handler = () => Promise.reject(new Error("rejected"));
    const server = await listen(handler, 0, { name: "odd", log: (line) => lines.push(line.split("\n")[0] ?? "") });
    assert.equal((await fetch(`${server.url}/x`)).status, 500);
    assert.deepEqual(lines, ["odd: GET /x failed: Error: rejected"]);
    await server.close();
  });
});
