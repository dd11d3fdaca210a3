import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packPackages } from "../../release/pack.ts";
import { type Build, configs, kits, loadCodebases, normalizeAndValidate, resolveBackend } from "./cli.ts";

/** The Firebase project that the kit is installed in. */
export const PROJECT_ID = "demo-kit";
const FIREBASE_CONFIG = { projectId: PROJECT_ID };
const KIT = "baton";
const DOCUMENT = join(import.meta.dirname, "../../docs/function-kit.md");

/** The region of each instance, by its id. */
export type Regions = Readonly<Record<string, string>>;

/**
 * Installs the engine as a kit into an empty Firebase project in `root`, and adds the code of `docs/function-kit.md`. The
 * Firebase CLI's own code does everything that its commands do; npm takes the package from a tarball.
 */
export async function installKit(root: string, regions: Regions): Promise<void> {
  await writeFile(join(root, "firebase.json"), "{}\n");
  const config = loadConfig(root);
  const [first, ...others] = Object.entries(regions).map(([instanceId, region]) => {
    return { config, kitId: KIT, instanceId, seedEnv: { projectId: PROJECT_ID, envs: settingsOf(instanceId, region) } };
  });
  if (first === undefined) throw new Error("a kit has at least one instance");
  const packed = join(root, "packed");
  await packPackages(packed);
  const { absSourcePath: source } = await kits.scaffoldKit({
    ...first,
    packageName: "@baton/engine",
    templateType: "installation",
  });
  for (const other of others) await kits.addInstanceToKit(other);
  await kits.buildAndInstallKit(source, `@baton/engine@file:${join(packed, "baton-engine-0.1.0.tgz")}`, true);
  const [code = "", exported = ""] = blocksOf(readFileSync(DOCUMENT, "utf8"));
  await writeFile(join(source, "src", "baton.ts"), code);
  await appendFile(join(source, "src", "index.ts"), exported);
  // As the `predeploy` that the CLI writes into firebase.json.
  await promisify(execFile)("npm", ["--prefix", source, "run", "build"]);
}

function blocksOf(document: string): string[] {
  return [...document.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
}

/** A function as it would be deployed: the fields that matter here. */
const Endpoint = z.looseObject({
  id: z.string(),
  entryPoint: z.string(),
  serviceAccount: z.string().nullish(),
  eventTrigger: z.object({ eventFilters: z.record(z.string(), z.string()).optional() }).optional(),
  secretEnvironmentVariables: z.array(z.object({ secret: z.string() })).nullish(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** The functions that an instance would deploy, and its parameters. */
export interface Plan {
  /** Its functions by region. */
  regions: Record<string, Endpoint[]>;
  requiredRoles: readonly string[];
  /** Parameters that have neither a value nor a default: the CLI asks for them. */
  asked: readonly string[];
}

const Params = z.array(
  z.looseObject({ name: z.string(), type: z.string().default("string"), default: z.json().optional() }),
);

/** Reads what each instance in `root` would deploy, with the settings of its own. */
export async function planDeployment(root: string, regions: Regions): Promise<Record<string, Plan>> {
  const config = loadConfig(root);
  const options = { config, projectId: PROJECT_ID, project: PROJECT_ID };
  const builds = await loadCodebases(normalizeAndValidate(config.src.functions), options, FIREBASE_CONFIG, {});
  const plans = Object.entries(builds).map(async ([codebase, build]) => {
    const userEnvs = settingsOf(codebase, regions[codebase] ?? "");
    return [codebase, await planOf(build, codebase, userEnvs)] as const;
  });
  return Object.fromEntries(await Promise.all(plans));
}

async function planOf(build: Build, codebase: string, userEnvs: Record<string, string>): Promise<Plan> {
  const params = Params.parse(build.params);
  const asked = params.filter(({ type, default: given }) => type !== "secret" && given === undefined);
  const answer = {
    firebaseConfig: FIREBASE_CONFIG,
    userEnvs,
    codebase,
    nonInteractive: true,
    isEmulator: true,
  } as const;
  const { backend } = await resolveBackend({ build, ...answer });
  const byRegion = Object.entries(backend.endpoints).map(([region, endpoints]) => {
    return [region, Object.values(endpoints).map((endpoint) => Endpoint.parse(endpoint))];
  });
  return {
    regions: Object.fromEntries(byRegion),
    requiredRoles: backend.requiredRoles ?? [],
    asked: asked.map(({ name }) => name),
  };
}

function loadConfig(root: string) {
  return configs.load({ cwd: root, configPath: join(root, "firebase.json"), projectRoot: root });
}

/** Each instance has a database of its own, named like the instance. */
function settingsOf(instanceId: string, region: string): Record<string, string> {
  return { FUNCTION_DEFAULT_REGION: region, BATON_DATABASE: instanceId };
}
