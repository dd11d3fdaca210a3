// The Auth emulator of firebase-tools, alone in this process: the same server that `firebase emulators:start --only auth` runs,
// without the hub, the logging server and the CLI around it, which open ports of their own and may call home.
import { createRequire } from "node:module";
import { z } from "zod";
import { HOST } from "../ports.ts";

const [projectId, port] = z.tuple([z.string(), z.coerce.number().int()]).parse(process.argv.slice(2));

interface AuthApp {
  listen(port: number, host: string): void;
}
const server: { createApp(projectId: string): Promise<AuthApp> } = createRequire(import.meta.url)(
  "firebase-tools/lib/emulator/auth/server.js",
);

(await server.createApp(projectId)).listen(port, HOST);
