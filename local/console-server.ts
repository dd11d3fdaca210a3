import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { RequestListener, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { pipeline } from "node:stream";
import type { Addresses } from "./addresses.ts";

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
 * Serves the built console from `folder` as Firebase Hosting does with our `firebase.json`: `/v1/**` goes to `api`,
 * `/__/firebase/init.json` describes the project, files are files, and every other path is the page itself.
 */
export function consoleHandler(folder: string, addresses: Addresses, api: RequestListener): RequestListener {
  const init = JSON.stringify(initJson(addresses));
  return (req, res) => {
    const { pathname } = new URL(req.url ?? "/", "http://console");
    if (pathname === "/v1" || pathname.startsWith("/v1/")) api(req, res);
    else if (pathname === "/__/firebase/init.json") send(res, 200, "application/json", init);
    else void serveFile(folder, pathname, res);
  };
}

/** What the page learns about its project; Hosting's own document plus where the emulators are. */
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

async function serveFile(folder: string, pathname: string, res: ServerResponse): Promise<void> {
  const file = await existingFile(folder, pathname);
  const page = file ?? (await existingFile(folder, "/index.html"));
  if (page === undefined) return send(res, 200, "text/html; charset=utf-8", NOT_BUILT);
  // Names below assets/ carry a hash of their content; everything else must be asked for again.
  const cache = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  res.writeHead(200, {
    "content-type": CONTENT_TYPES[extname(page)] ?? "application/octet-stream",
    "cache-control": cache,
  });
  pipeline(createReadStream(page), res, () => {});
}

/** The file of a path inside `folder`; undefined when there is none, or the path leads out of it. */
async function existingFile(folder: string, pathname: string): Promise<string | undefined> {
  try {
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    return path.startsWith(folder) && (await stat(path)).isFile() ? path : undefined;
  } catch {
    // No such file, or a path that is no path: the page answers for it.
    return undefined;
  }
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, { "content-type": type, "cache-control": "no-cache" }).end(body);
}
