import { z } from "zod";
import type { Finding } from "../finding.ts";
import { typed } from "../gcloud.ts";
import { ask, type Cloud } from "./cloud.ts";

/** The APIs that Firebase needs to build and deploy the functions, and those that the functions call. */
const APIS = [
  "artifactregistry",
  "cloudbuild",
  "cloudfunctions",
  "cloudscheduler",
  "eventarc",
  "firebaserules",
  "firestore",
  "identitytoolkit",
  "pubsub",
  "run",
].map((name) => `${name}.googleapis.com`);

const Services = z.array(z.looseObject({ config: z.looseObject({ name: z.string() }) }));

/** Checks that each API which Baton needs is enabled. */
export async function checkApis({ gcloud, project }: Cloud): Promise<Finding[]> {
  const services = await ask(gcloud, ["services", "list", "--enabled", `--project=${project}`], Services);
  const enabled = new Set(services.map(({ config }) => config.name));
  const disabled = APIS.filter((api) => !enabled.has(api));
  if (disabled.length === 0) return [];
  const command = { args: ["services", "enable", ...disabled, `--project=${project}`] };
  return [
    {
      code: "apis.disabled",
      severity: "error",
      message: `These APIs are not enabled: ${disabled.join(", ")}.`,
      ifLeft: "The deploy fails, or the functions cannot reach what they need.",
      fix: { kind: "gcloud", command: typed(command), run: [command] },
    },
  ];
}
