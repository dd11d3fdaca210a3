import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream";
import type { Addresses } from "./addresses.ts";
import type { ConsoleSite } from "./cloud-options.ts";
import { allowConnections, destinationOf, type HostingRules, headersOf } from "./hosting-rules.ts";
import { type Handler, requestUrl } from "./http.ts";

const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Baton</title>
<body style="font:16px system-ui;max-width:36em;margin:15vh auto;padding:0 1em"><h1>The console is not built</h1>
<p>Run <code>npm run build</code>, then reload this page. The log of the local cloud says what went wrong if it was tried.</p>`;

/**
 * Serves the built console of a site as Firebase Hosting does by its rules. `/v1/**` goes to `api`,
 * `/__/firebase/init.json` describes the project, a file is a file, and rewrites and headers are those of the rules. The
 * page may also connect to the emulators and the API of this machine.
 */
export function consoleHandler(
  { folder, rules: published }: Pick<ConsoleSite, "folder" | "rules">,
  addresses: Addresses,
  api: Handler,
): Handler {
  const init = JSON.stringify(initJson(addresses));
  const { apiUrl, authHost, firestoreHost, storageUrl } = addresses;
  const emulators = [`http://${authHost}`, `http://${firestoreHost}`, storageUrl];
  const rules = allowConnections(published, [apiUrl, ...emulators]);
  return (req, res) => {
    const pathname = requestUrl(req)?.pathname;
    if (pathname === undefined) return send(res, 400, "text/plain", "The path of this request cannot be read.");
    if (pathname === "/v1" || pathname.startsWith("/v1/")) return api(req, res);
    if (pathname === "/__/firebase/init.json") return send(res, 200, "application/json", init);
    return serveFile(folder, rules, pathname, res);
  };
}

/** The page's settings: Hosting's own document, and the addresses of the emulators. */
function initJson({ projectId, authHost, firestoreHost }: Addresses) {
  return {
    apiKey: "local",
    projectId,
    authDomain: `${projectId}.firebaseapp.com`,
    appId: "local",
    emulators: { authHost, firestoreHost },
    apiUrl: "",
  };
}

async function serveFile(folder: string, rules: HostingRules, pathname: string, res: ServerResponse): Promise<void> {
  const destination = destinationOf(rules, pathname);
  const own = await existingFile(folder, pathname);
  const file = own ?? (destination === undefined ? undefined : await existingFile(folder, destination));
  const headers = headersOf(rules, pathname);
  if (file === undefined) {
    if (destination !== undefined) return send(res, 200, "text/html; charset=utf-8", NOT_BUILT);
    return send(res, 404, "text/plain; charset=utf-8", "There is no such file.", headers);
  }
  res.writeHead(200, { ...headers, "content-type": CONTENT_TYPES[extname(file)] ?? "application/octet-stream" });
  pipeline(createReadStream(file), res, () => {});
}

/** The file of a path inside `folder`; undefined when there is none, or the path leads out of it. */
async function existingFile(folder: string, pathname: string): Promise<string | undefined> {
  try {
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    return path.startsWith(`${folder}${sep}`) && (await stat(path)).isFile() ? path : undefined;
  } catch {
    // No such file, or a path that is no path: there is none.
    return undefined;
  }
}

/** Sends a text that no cache keeps: it tells of this moment. */
function send(
  res: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { ...headers, "content-type": type, "cache-control": "no-cache" }).end(body);
}
