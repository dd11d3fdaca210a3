import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { BROWSER_BLOCKED_PORTS, freePort, HOST } from "../ports.ts";
import type { Scope } from "../scope.ts";
import { reservePort } from "./reserve-port.ts";

/**
 * Finds an address for an emulator that no page can reach past its door: a port that browsers refuse to connect to. On
 * Linux it is on a random loopback address, so that every cloud finds one. Elsewhere loopback is 127.0.0.1 alone, and
 * with many clouds at once a random port has to do. `usual` asks for 127.0.0.1: the Pub/Sub emulator's REST API calls
 * itself there, wherever it listens. No other cloud gets the address until `scope` is closed.
 */
export async function hiddenAddress(
  address: "any" | "usual",
  scope: Pick<Scope, "add">,
): Promise<{ host: string; port: number }> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const ports = BROWSER_BLOCKED_PORTS.filter((port) => port >= 1024);
  for (const candidate of address === "usual" ? [HOST] : [host, HOST]) {
    for (const port of ports) {
      const release = await reservePort(candidate, port);
      if (release === undefined) continue;
      if (await canListen(candidate, port)) {
        await scope.add(release);
        return { host: candidate, port };
      }
      release();
    }
  }
  return { host: HOST, port: await freePort() };
}

function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
