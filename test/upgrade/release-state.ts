import { z } from "zod";

/** A value as Firestore's REST API writes it, which keeps every kind apart. */
const Fields = z.record(z.string(), z.json());
/** The name of a document ends in its path. */
const Found = z.array(z.object({ document: z.object({ name: z.string(), fields: Fields.optional() }).optional() }));

/** What a release had stored when all of its functions stopped at one moment. */
export const ReleaseState = z.object({
  release: z.string(),
  recordedAt: z.iso.datetime(),
  /** The base URL of the receiver of webhooks, which is another one in each run. */
  receiverUrl: z.string(),
  /** The jobs that are not final, or whose webhook was not sent: in which situation, and how each has to end. */
  jobs: z.record(z.string(), z.object({ situation: z.string(), ends: z.enum(["completed", "failed", "cancelled"]) })),
  documents: z.array(z.object({ path: z.string(), fields: Fields })),
});
export type ReleaseState = z.infer<typeof ReleaseState>;

/** A database of the Firestore emulator. */
export interface Emulator {
  firestoreHost: string;
  projectId: string;
}

/** An instant, also where it is the output of a sleep, which is text. */
const INSTANT = /"(timestampValue|stringValue)":"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g;

/** Reads every document of a database. */
export async function readDocuments(emulator: Emulator): Promise<ReleaseState["documents"]> {
  const everything = { structuredQuery: { from: [{ allDescendants: true }] } };
  const found = Found.parse(await call(emulator, "runQuery", everything));
  return found.flatMap(({ document }) => {
    if (document === undefined) return [];
    const [, path = ""] = document.name.split("/documents/");
    return [{ path, fields: document.fields ?? {} }];
  });
}

/**
 * Stores the documents of a release as they would be if its functions had stopped `agoMs` before now, and if webhooks
 * went to `receiverUrl`.
 */
export async function restoreDocuments(
  emulator: Emulator,
  state: ReleaseState,
  { agoMs, receiverUrl }: { agoMs: number; receiverUrl: string },
): Promise<void> {
  const laterMs = Date.now() - agoMs - new Date(state.recordedAt).getTime();
  const text = JSON.stringify(state.documents)
    .replace(INSTANT, (_, kind: string, instant: string) => `"${kind}":"${later(instant, laterMs)}"`)
    .replaceAll(state.receiverUrl, receiverUrl);
  const documents = ReleaseState.shape.documents.parse(JSON.parse(text));
  const root = `projects/${emulator.projectId}/databases/(default)/documents`;
  const writes = documents.map(({ path, fields }) => ({ update: { name: `${root}/${path}`, fields } }));
  await call(emulator, "commit", { writes });
}

function later(instant: string, ms: number): string {
  return new Date(new Date(instant).getTime() + ms).toISOString();
}

async function call({ firestoreHost, projectId }: Emulator, method: string, body: object): Promise<unknown> {
  const url = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents:${method}`;
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`Firestore refused ${method}: ${await response.text()}`);
  return response.json();
}
