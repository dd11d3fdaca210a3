import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { jobPublisher } from "../../engine/src/jobs/job-publisher.ts";
import { pubsubPublish } from "../../engine/src/platform/pubsub/publisher.ts";

/** Publishes to whatever is at `port`, and says how long it took to give up. */
async function giveUp(port: number): Promise<number> {
  const publisher = jobPublisher(pubsubPublish({ projectId: "demo-baton", emulator: `127.0.0.1:${port}` }));
  const startedAt = performance.now();
  const published = publisher.publishJob("default", { jobId: "AAAAAAAAAAAAAAAAAAAA" });
  await assert.rejects(published);
  return performance.now() - startedAt;
}

describe("the publisher without Pub/Sub", () => {
  it("gives up after some 10 s, whether nothing listens or what listens never answers", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    const closed = createServer().listen(0, "127.0.0.1");
    await Promise.all([once(silent, "listening"), once(closed, "listening")]);
    const ports = [portOf(silent.address()), portOf(closed.address())];
    closed.close();
    try {
      const [longest] = (await Promise.all(ports.map(giveUp))).sort((one, other) => other - one);
      assert.ok(longest !== undefined && longest < 30_000, `${longest} ms`);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
