import { setTimeout as pause } from "node:timers/promises";
import { EndpointList } from "@baton/protocol";
import type { Submitting } from "./submit-all.ts";

const RETRY_MS = 200;

/**
 * Gives each owner one endpoint, at `<receiver>/endpoints/<owner>`. A request whose answer was lost may have made one:
 * an endpoint too many is deleted, before any job is submitted.
 */
export async function giveEndpoints(
  owners: Iterable<string>,
  receiverUrl: string,
  to: Pick<Submitting, "apiUrl" | "tokenOf" | "signal">,
): Promise<void> {
  await Promise.all(Array.from(owners, (owner) => giveEndpoint(owner, `${receiverUrl}/endpoints/${owner}`, to)));
}

async function giveEndpoint(
  owner: string,
  url: string,
  { apiUrl, tokenOf, signal }: Pick<Submitting, "apiUrl" | "tokenOf" | "signal">,
): Promise<void> {
  const headers = { authorization: `Bearer ${tokenOf(owner)}`, "content-type": "application/json" };
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${apiUrl}/v1/endpoints${path}`, {
      method,
      headers,
      signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  for (;;) {
    try {
      const { endpoints } = EndpointList.parse(await (await ask("GET", "")).json());
      const [first, ...others] = endpoints;
      if (first && others.length === 0) return;
      for (const { endpointId } of others) await ask("DELETE", `/${endpointId}`);
      if (!first) await ask("POST", "", { url });
    } catch {
      // The cloud injects faults: the request may have taken effect, and the next look tells.
      signal.throwIfAborted();
    }
    await pause(RETRY_MS);
  }
}
