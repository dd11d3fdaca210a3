import { createSocket } from "node:dgram";

/**
 * Reserves a port among the local clouds of this machine, and answers how to release it; undefined when another cloud
 * has it. Holds a UDP socket on the port: the system gives it to one process alone, and takes it back when that process
 * ends. Two clouds that looked for a free TCP port at the same moment could take the same one: the Pub/Sub emulator of
 * one then fails without ending, and both clouds use that of the other, where each takes messages of the other away.
 */
export function reservePort(host: string, port: number): Promise<(() => void) | undefined> {
  const socket = createSocket({ type: "udp4", reuseAddr: false });
  return new Promise((resolve) => {
    socket.once("error", () => resolve(undefined));
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.unref();
      resolve(() => socket.close());
    });
  });
}
