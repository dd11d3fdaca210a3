import { z } from "zod";
import type { Gcloud, GcloudAnswer } from "../gcloud.ts";

/** A function of Baton as it is deployed. */
export interface DeployedFunction {
  /** `baton-api`, `baton-worker-heavy`, ... */
  readonly name: string;
  readonly region: string;
  readonly state: string;
  readonly serviceAccount: string;
  readonly secrets: readonly string[];
  /** Full name of its Eventarc trigger; absent when it has none. */
  readonly trigger?: string;
}

/** A project in the cloud, as far as checks share it. */
export interface Cloud {
  readonly project: string;
  readonly database: string;
  readonly functions: readonly DeployedFunction[];
  readonly gcloud: Gcloud;
}

/** gcloud gave no answer that can be used. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly outcome: Exclude<GcloudAnswer["outcome"], "ok">;

  constructor(outcome: CloudError["outcome"], message: string) {
    super(message);
    this.outcome = outcome;
  }
}

/** Asks gcloud, and parses its answer. Throws a `CloudError`. */
export async function ask<Schema extends z.ZodType>(
  gcloud: Gcloud,
  args: readonly string[],
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = await gcloud.run({ args });
  if (answer.outcome === "missing") throw new CloudError("missing", "gcloud is not installed on this machine.");
  if (answer.outcome === "logged-out") throw new CloudError("logged-out", "gcloud has no login, or it has expired.");
  if (answer.outcome === "failed")
    throw new CloudError("failed", `gcloud ${args.slice(0, 3).join(" ")}: ${answer.reason}`);
  const parsed = schema.safeParse(answer.value ?? []);
  if (parsed.success) return parsed.data;
  throw new CloudError("failed", `gcloud ${args.slice(0, 3).join(" ")} answered in an unknown form.`);
}

const Functions = z.array(
  z.looseObject({
    name: z.string(),
    state: z.string().default("UNKNOWN"),
    serviceConfig: z
      .looseObject({
        serviceAccountEmail: z.string().default(""),
        secretEnvironmentVariables: z.array(z.looseObject({ secret: z.string() })).default([]),
      })
      .optional(),
    eventTrigger: z.looseObject({ trigger: z.string().optional() }).optional(),
  }),
);

/** Lists the functions of Baton in a project. Throws a `CloudError`. */
export async function listFunctions(gcloud: Gcloud, project: string): Promise<DeployedFunction[]> {
  const all = await ask(gcloud, ["functions", "list", "--v2", `--project=${project}`], Functions);
  return all.flatMap(({ name: path, state, serviceConfig, eventTrigger }) => {
    const [, region = "", name = ""] = /\/locations\/([^/]+)\/functions\/([^/]+)$/.exec(path) ?? [];
    if (!name.startsWith("baton-")) return [];
    const { serviceAccountEmail = "", secretEnvironmentVariables = [] } = serviceConfig ?? {};
    const secrets = secretEnvironmentVariables.map(({ secret }) => secret);
    const trigger = eventTrigger?.trigger;
    return [
      { name, region, state, serviceAccount: serviceAccountEmail, secrets, ...(trigger !== undefined && { trigger }) },
    ];
  });
}
