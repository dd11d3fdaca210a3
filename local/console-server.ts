import type { RequestListener } from "node:http";
import type { Addresses } from "./addresses.ts";

export function startConsoleServer(_addresses: Addresses, _api: RequestListener): RequestListener {
  return (_req, res) => res.writeHead(404).end();
}
