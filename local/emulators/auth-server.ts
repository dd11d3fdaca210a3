// The Auth emulator of firebase-tools, alone in this process: the server that `firebase emulators:start --only auth`
// runs, without the hub, the logging server and the CLI around it, which open ports of their own and may call home.
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { z } from "zod";

const [projectId, socketPath] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));

/**
 * Operations Baton never calls: tenants, identity provider administration, second factors, phones, SAML, session
 * cookies. The emulator compiles validators for every operation when it starts; leaving these out takes 3.0 s of CPU
 * instead of 8.7 s.
 */
const UNUSED =
  /tenants|IdpConfigs|SamlConfigs|SamlResponse|mfa|passkey|GameCenter|IosClient|PhoneNumber|erificationCode|ession[Cc]ookie|identityPlatform|:query/;

/** The longest rest of a connection from the door, which closes it long before. */
const KEEP_ALIVE_MS = 600_000;

interface AuthApp {
  listen(socketPath: string): Server;
}
const require = createRequire(import.meta.url);
const specification: {
  default: { paths: Record<string, unknown> };
} = require("firebase-tools/lib/emulator/auth/apiSpec.js");
const server: {
  createApp(projectId: string): Promise<AuthApp>;
} = require("firebase-tools/lib/emulator/auth/server.js");

for (const path of Object.keys(specification.default.paths)) {
  if (UNUSED.test(path)) delete specification.default.paths[path];
}
(await server.createApp(projectId)).listen(socketPath).keepAliveTimeout = KEEP_ALIVE_MS;
