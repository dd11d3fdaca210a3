import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../../local/builds.ts";
import { readProject } from "../../local/project/project.ts";
import { shortStacks } from "../../local/short-stacks.ts";
import { type LocalCloud, startCloud } from "../../local/start-cloud.ts";
import { waitFor } from "./wait-for.ts";

const Call = z.looseObject({ name: z.string(), key: z.string(), at: z.number() });
/** One call of a function of the app, as it recorded it. */
export type Call = z.infer<typeof Call>;

/** A local cloud for a copy of `fixture-app`, a team's own project, as `npx @baton/cli dev` runs it. */
export interface ProjectCloud {
  cloud: LocalCloud;
  /** Lines as they are printed: `source | line`. */
  lines: string[];
  /** The address of a function that HTTP calls. */
  url(name: string, region?: string): string;
  post(url: string, body: unknown): Promise<{ status: number; body: string }>;
  /** Writes a document of collection `notes`. */
  write(method: "POST" | "PATCH" | "DELETE", id: string, database?: string): Promise<void>;
  /** Waits for `count` calls of a function with a key. */
  calls(name: string, key: string, count: number): Promise<Call[]>;
  /** Changes a file of the functions, and so saves it. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  stop(): Promise<void>;
}

const VARIABLES = { ".env": "GREETING=hello\nMAIL=shop@example.com\n", ".env.local": "GREETING=moin\n" };
const SECRETS = { ".secret.local": "SHOP_KEY=sesame\n" };

/** Starts it without a console; a minute of a schedule has three seconds. */
export async function startProjectCloud(): Promise<ProjectCloud> {
  const root = await mkdtemp(join(tmpdir(), "baton app #1 ü [x] "));
  const functions = join(root, "functions");
  await cp(join(import.meta.dirname, "fixture-app"), root, { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(functions, "node_modules"));
  for (const [name, text] of Object.entries({ ...VARIABLES, ...SECRETS })) await writeFile(join(functions, name), text);
  const record = join(root, "calls.jsonl");
  const lines: string[] = [];
  const cloud = await startCloud({
    ports: "auto",
    project: await readProject(root),
    env: { RECORD: record },
    reload: true,
    lazy: true,
    scheduledMinuteMs: 3_000,
    log: shortStacks((source, line) => lines.push(...line.split("\n").map((each) => `${source} | ${each}`))),
  });
  const { apiUrl, firestoreHost, projectId } = cloud.addresses;
  return {
    cloud,
    lines,
    url: (name, region = "us-central1") => `${apiUrl}/${projectId}/${region}/${name}`,
    post: (url, body) => send("POST", url, body),
    async write(method, id, database = "(default)") {
      const notes = `http://${firestoreHost}/v1/projects/${projectId}/databases/${database}/documents/notes`;
      const url = method === "POST" ? `${notes}?documentId=${id}` : `${notes}/${id}`;
      const fields = { text: { stringValue: method } };
      const { status, body } = await send(method, url, method === "DELETE" ? undefined : { fields });
      if (status !== 200) throw new Error(`The emulator answered ${status}: ${body}`);
    },
    calls: (name, key, count) =>
      waitFor(`${count} calls of ${name} with key ${key}`, async () => {
        const all = await readCalls(record);
        const calls = all.filter((call) => call.name === name && call.key === key);
        return calls.length >= count && calls;
      }),
    async edit(file, change) {
      const path = join(functions, file);
      await writeFile(path, change(await readFile(path, "utf8")));
    },
    async stop() {
      await cloud.stop();
      await rm(root, { recursive: true });
    },
  };
}

async function readCalls(record: string): Promise<Call[]> {
  const text = await readFile(record, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => Call.parse(JSON.parse(line)));
}

/** As `owner`, whom the emulators let do anything, except at functions. */
async function send(method: string, url: string, body: unknown): Promise<{ status: number; body: string }> {
  const isEmulator = url.includes("/v1/projects/");
  const headers = { "content-type": "application/json", ...(isEmulator && { authorization: "Bearer owner" }) };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, headers, ...content });
  return { status: response.status, body: await response.text() };
}
