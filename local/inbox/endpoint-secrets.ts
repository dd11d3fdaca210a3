import { z } from "zod";
import type { KnownSecret } from "./verify.ts";

const Value = z.object({ stringValue: z.string() });
const Endpoints = z.array(z.object({ document: z.object({ name: z.string() }).optional() }));
const Secrets = z.object({ documents: z.array(z.object({ fields: z.object({ secret: Value }) })).default([]) });

/** Reads the secrets of an owner's endpoints from the Firestore emulator, which lets `Bearer owner` read everything. */
export async function endpointSecrets(firestoreHost: string, projectId: string, owner: string): Promise<KnownSecret[]> {
  const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };
  const where = { fieldFilter: { field: { fieldPath: "owner" }, op: "EQUAL", value: { stringValue: owner } } };
  const query = { structuredQuery: { from: [{ collectionId: "endpoints" }], where } };
  const response = await fetch(`${root}:runQuery`, { method: "POST", headers, body: JSON.stringify(query) });
  const names = Endpoints.parse(await response.json()).flatMap(({ document }) => document?.name ?? []);
  const lists = names.map(async (name) => {
    const endpointId = name.split("/").at(-1) ?? "";
    const answer = await fetch(`${root}/endpoints/${endpointId}/secrets`, { headers });
    const { documents } = Secrets.parse(await answer.json());
    return documents.map(({ fields }) => ({ name: `endpoint ${endpointId}`, secret: fields.secret.stringValue }));
  });
  return (await Promise.all(lists)).flat();
}
