import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packageFile } from "./package-file.ts";
import { LocalCloudError } from "./problem.ts";

const run = promisify(execFile);

/** The source of a function's calls. `retry` says whether a failed event comes again. */
export type Trigger =
  | { kind: "https" }
  | { kind: "pubsub"; topic: string; retry: boolean }
  | {
      kind: "firestore";
      eventType: string;
      database: string;
      namespace: string;
      document: string;
      isPattern: boolean;
      retry: boolean;
    }
  | { kind: "schedule"; everyMinutes: number }
  | { kind: "unsupported"; what: string };

/** The functions framework's name for the kind of a function: Cloud Scheduler calls over HTTP, as a client does. */
export function signatureOf({ kind }: Trigger): "http" | "cloudevent" {
  return kind === "https" || kind === "schedule" ? "http" : "cloudevent";
}

/** One deployed function, as the Firebase CLI reads it from the code. */
export interface FunctionSpec {
  name: string;
  /** The export of the bundle, as the functions framework's `--target`. */
  entryPoint: string;
  /** Absolute path of the bundle's folder. */
  folder: string;
  timeoutMs: number;
  /** Requests one instance runs at a time. */
  concurrency: number;
  maxInstances: number;
  memoryMb: number;
  /** Names of the secrets the function may read from its environment. */
  secrets: string[];
  trigger: Trigger;
}

/** A number the code left to the platform is absent or null. */
const OptionalNumber = z.number().nullish();

const Endpoint = z.object({
  entryPoint: z.string(),
  timeoutSeconds: OptionalNumber,
  concurrency: OptionalNumber,
  maxInstances: OptionalNumber,
  availableMemoryMb: OptionalNumber,
  secretEnvironmentVariables: z.array(z.object({ key: z.string() })).nullish(),
  httpsTrigger: z.object({}).optional(),
  callableTrigger: z.object({}).optional(),
  scheduleTrigger: z.object({ schedule: z.string() }).optional(),
  eventTrigger: z
    .object({
      eventType: z.string(),
      eventFilters: z.record(z.string(), z.string()).default({}),
      eventFilterPathPatterns: z.record(z.string(), z.string()).default({}),
      retry: z.boolean().default(false),
    })
    .optional(),
});
type Endpoint = z.infer<typeof Endpoint>;

const Manifest = z.object({ endpoints: z.record(z.string(), Endpoint) });

/** The defaults of a second-generation function: https://firebase.google.com/docs/functions/manage-functions */
const PLATFORM_DEFAULTS = {
  timeoutSeconds: 60,
  concurrency: 80,
  maxInstances: 100,
  memoryMb: 256,
};

/** The functions described by a manifest in the Firebase CLI's wire format; throws when it is not one. */
export function parseManifest(manifest: unknown, folder: string): FunctionSpec[] {
  return Object.entries(Manifest.parse(manifest).endpoints).map(([name, endpoint]) => ({
    name,
    entryPoint: endpoint.entryPoint,
    folder,
    timeoutMs: (endpoint.timeoutSeconds ?? PLATFORM_DEFAULTS.timeoutSeconds) * 1000,
    concurrency: endpoint.concurrency ?? PLATFORM_DEFAULTS.concurrency,
    maxInstances: endpoint.maxInstances ?? PLATFORM_DEFAULTS.maxInstances,
    memoryMb: endpoint.availableMemoryMb ?? PLATFORM_DEFAULTS.memoryMb,
    secrets: (endpoint.secretEnvironmentVariables ?? []).map((secret) => secret.key),
    trigger: readTrigger(endpoint),
  }));
}

function readTrigger(endpoint: Endpoint): Trigger {
  if (endpoint.httpsTrigger || endpoint.callableTrigger) return { kind: "https" };
  if (endpoint.scheduleTrigger) return readSchedule(endpoint.scheduleTrigger.schedule);
  const event = endpoint.eventTrigger;
  if (!event) return { kind: "unsupported", what: "no trigger" };
  const { eventFilters: filters, eventFilterPathPatterns: patterns, retry } = event;
  if (event.eventType === "google.cloud.pubsub.topic.v1.messagePublished" && filters.topic !== undefined) {
    return { kind: "pubsub", topic: filters.topic, retry };
  }
  const document = patterns.document ?? filters.document;
  if (event.eventType.startsWith("google.cloud.firestore.document.v1.") && document !== undefined) {
    const { database = "(default)", namespace = "(default)" } = filters;
    const isPattern = patterns.document !== undefined;
    return { kind: "firestore", eventType: event.eventType, database, namespace, document, isPattern, retry };
  }
  return { kind: "unsupported", what: event.eventType };
}

/** Of Cloud Scheduler's forms the one that functions here use; another one is reported and never called. */
function readSchedule(schedule: string): Trigger {
  const minutes = /^every (\d{1,4}) minutes$/.exec(schedule)?.[1];
  return minutes === undefined
    ? { kind: "unsupported", what: `schedule "${schedule}"` }
    : { kind: "schedule", everyMinutes: Number(minutes) };
}

/**
 * Reads what a built bundle deploys, with the program and the environment the Firebase CLI uses for it, so that a
 * trigger cannot differ between here and production. Runs the bundle's top-level code in a process of its own.
 */
export async function readManifest(folder: string, projectId: string, signal?: AbortSignal): Promise<FunctionSpec[]> {
  const program = packageFile("firebase-functions", "lib/bin/firebase-functions.js");
  const scratch = await mkdtemp(join(tmpdir(), "baton-manifest-"));
  const output = join(scratch, "functions.yaml");
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    GCLOUD_PROJECT: projectId,
    FIREBASE_CONFIG: JSON.stringify({ projectId }),
    FUNCTIONS_CONTROL_API: "true",
    FUNCTIONS_MANIFEST_OUTPUT_PATH: output,
  };
  try {
    // The program looks at its argument only when there are two; it runs in the folder as the CLI does.
    await run(process.execPath, [program], { cwd: folder, env, ...(signal && { signal }) });
    return parseManifest(JSON.parse(await readFile(output, "utf8")), folder);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new LocalCloudError(`The functions in ${folder} cannot be read: ${explainFailure(cause)}`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function explainFailure(cause: unknown): string {
  if (cause instanceof z.ZodError) return `their manifest is not understood\n${z.prettifyError(cause)}`;
  if (typeof cause === "object" && cause !== null && "stderr" in cause) return String(cause.stderr).trim();
  return String(cause);
}
