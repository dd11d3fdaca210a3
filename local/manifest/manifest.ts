import { z } from "zod";
import { Param, type ParamValues, type ResolvedParams, resolveParams, resolveValues } from "../project/params.ts";
import { DEFAULT_REGION } from "./default-region.ts";
import { OptionalNumber, readTrigger, type Trigger, Triggers } from "./trigger.ts";

export { signatureOf, type Trigger } from "./trigger.ts";

/** One deployed function, as the Firebase CLI reads it from the code. */
export interface FunctionSpec {
  name: string;
  /** The export of the bundle, as the functions framework's `--target`. */
  entryPoint: string;
  /** Absolute path of the bundle's folder. */
  folder: string;
  /** The first of its regions, which its URL names. */
  region: string;
  timeoutMs: number;
  /** Requests one instance runs at a time. */
  concurrency: number;
  maxInstances: number;
  memoryMb: number;
  /** Names of the secrets the function may read from its environment. */
  secrets: string[];
  trigger: Trigger;
}

const Endpoint = Triggers.extend({
  entryPoint: z.string(),
  region: z.union([z.string().transform((region) => [region]), z.array(z.string())]).nullish(),
  timeoutSeconds: OptionalNumber,
  concurrency: OptionalNumber,
  maxInstances: OptionalNumber,
  availableMemoryMb: OptionalNumber,
  secretEnvironmentVariables: z.array(z.object({ key: z.string() })).nullish(),
});

const Manifest = z.object({ endpoints: z.record(z.string(), Endpoint) });
const Declared = z.looseObject({ params: z.array(Param).default([]) });

/** The defaults of a second-generation function: https://firebase.google.com/docs/functions/manage-functions */
const PLATFORM_DEFAULTS = {
  region: DEFAULT_REGION,
  timeoutSeconds: 60,
  concurrency: 80,
  maxInstances: 100,
  memoryMb: 256,
};

/** The place of a manifest: its folder, the beginning of its functions' names, and the values of its parameters. */
export interface ManifestContext {
  folder: string;
  prefix?: string | undefined;
  params?: ParamValues;
}

/** The functions described by a manifest in the Firebase CLI's wire format; throws when it is not one. */
export function parseManifest(manifest: unknown, { folder, prefix, params = {} }: ManifestContext): FunctionSpec[] {
  const { endpoints } = Manifest.parse(resolveParams(manifest, params));
  return Object.entries(endpoints).map(([id, endpoint]) => ({
    name: prefix === undefined ? id : `${prefix}-${id}`,
    entryPoint: endpoint.entryPoint,
    folder,
    region: endpoint.region?.[0] ?? PLATFORM_DEFAULTS.region,
    timeoutMs: (endpoint.timeoutSeconds ?? PLATFORM_DEFAULTS.timeoutSeconds) * 1000,
    concurrency: endpoint.concurrency ?? PLATFORM_DEFAULTS.concurrency,
    maxInstances: endpoint.maxInstances ?? PLATFORM_DEFAULTS.maxInstances,
    memoryMb: endpoint.availableMemoryMb ?? PLATFORM_DEFAULTS.memoryMb,
    secrets: (endpoint.secretEnvironmentVariables ?? []).map((secret) => secret.key),
    trigger: readTrigger(endpoint),
  }));
}

/** The values of the parameters that a manifest declares; see `resolveValues`. */
export function paramsOf(manifest: unknown, variables: ParamValues, projectId: string): ResolvedParams {
  return resolveValues(Declared.parse(manifest).params, variables, projectId);
}
