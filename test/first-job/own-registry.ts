import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { BUILT, FOLDERS } from "../../release/packages.ts";

/** A registry on this machine that has the packages of this repository, as if they had been published. */
export interface OwnRegistry {
  url: string;
  close(): void;
}

const Manifest = z.looseObject({ name: z.string(), version: z.string() });
type Packed = z.infer<typeof Manifest> & { file: string; tarball: Buffer };

/** Serves the tarballs in folder `packed`. For all other packages it sends npm on to the registry that npm uses here. */
export async function startRegistry(packed: string): Promise<OwnRegistry> {
  const others = (await promisify(execFile)("npm", ["config", "get", "registry"])).stdout.trim();
  const own = await Promise.all(FOLDERS.map((folder) => readPacked(folder, packed)));
  const server = createServer(({ url = "/", headers }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const described = own.find(({ name }) => name === path);
    const wanted = own.find(({ file }) => file === path);
    if (described) sendJson(response, packumentOf(described, `http://${headers.host}`));
    else if (wanted) response.end(wanted.tarball);
    else response.writeHead(302, { location: new URL(url.slice(1), others).href }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readPacked(folder: string, packed: string): Promise<Packed> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(BUILT, folder, "package.json"), "utf8")));
  const file = `baton-${folder}-${manifest.version}.tgz`;
  return { ...manifest, file, tarball: await readFile(join(packed, file)) };
}

/** A registry's description of a package with one version. */
function packumentOf({ tarball, file, ...manifest }: Packed, registry: string): object {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const version = { ...manifest, dist: { tarball: `${registry}/${file}`, integrity } };
  return {
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: version },
  };
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
