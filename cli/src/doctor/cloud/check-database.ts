import { z } from "zod";
import { COLLECTION_FACTS } from "../../../../engine/src/platform/firestore/collections.ts";
import { type IndexEntry, ownIndexes } from "../../edits/own-texts.ts";
import { byHand, type Finding } from "../finding.ts";
import { type GcloudCommand, typed } from "../gcloud.ts";
import { ask, type Cloud } from "./cloud.ts";

const Databases = z.array(z.looseObject({ name: z.string(), type: z.string().optional() }));
const Fields = z.array(
  z.looseObject({ name: z.string(), ttlConfig: z.looseObject({ state: z.string().optional() }).optional() }),
);
const Indexes = z.array(
  z.looseObject({
    name: z.string(),
    state: z.string(),
    queryScope: z.string().default("COLLECTION"),
    fields: z.array(
      z.looseObject({ fieldPath: z.string(), order: z.string().optional(), arrayConfig: z.string().optional() }),
    ),
  }),
);

/** Checks that the database exists, its indexes are built, and its TTL policies work. */
export async function checkDatabase(cloud: Cloud): Promise<Finding[]> {
  const { gcloud, project, database } = cloud;
  const databases = await ask(gcloud, ["firestore", "databases", "list", `--project=${project}`], Databases);
  if (databases.some(({ name }) => name.endsWith(`/databases/${database}`))) {
    return [...(await checkIndexes(cloud)), ...(await checkPolicies(cloud))];
  }
  const create = `gcloud firestore databases create '--database=${database}' --location=LOCATION --project=${project}`;
  return [
    {
      code: "database.missing",
      severity: "error",
      message: `The project ${project} has no Firestore database ${database}.`,
      ifLeft: "Nothing can be stored: the API answers 503.",
      // A person chooses the location: it can never be changed.
      fix: byHand(create),
    },
  ];
}

async function checkIndexes({ gcloud, project, database }: Cloud): Promise<Finding[]> {
  const where = [`--project=${project}`, `--database=${database}`];
  const built = await ask(gcloud, ["firestore", "indexes", "composite", "list", ...where], Indexes);
  const states = new Map(built.map((index) => [indexName(groupOf(index.name), index), index.state]));
  const own = ownIndexes().indexes.map((index) => indexName(index.collectionGroup, index));
  const missing = own.filter((name) => !states.has(name));
  const creating = own.filter((name) => states.has(name) && states.get(name) !== "READY");
  const findings: Finding[] = [];
  const ifLeft = "Lists of jobs, and the sweep that repairs them, fail.";
  if (missing.length > 0) {
    const message = `${missing.length} indexes are not in the database: ${missing.slice(0, 3).join("; ")}${missing.length > 3 ? "; ..." : ""}.`;
    const fix = byHand(`firebase deploy --only firestore:indexes --project ${project}`);
    findings.push({ code: "indexes.unbuilt", severity: "error", message, ifLeft, fix });
  }
  if (creating.length > 0) {
    const message = `${creating.length} indexes are still being built.`;
    findings.push({
      code: "indexes.unbuilt",
      severity: "warning",
      message,
      ifLeft,
      fix: byHand("Wait some minutes, and look again."),
    });
  }
  return findings;
}

async function checkPolicies({ gcloud, project, database }: Cloud): Promise<Finding[]> {
  const where = [`--project=${project}`, `--database=${database}`];
  const fields = await ask(gcloud, ["firestore", "fields", "ttls", "list", ...where], Fields);
  const active = new Set(
    fields.flatMap(({ name, ttlConfig }) => {
      const isActive = ttlConfig?.state === "ACTIVE" || ttlConfig?.state === "CREATING";
      return isActive && name.endsWith("/fields/expireAt") ? [groupOf(name)] : [];
    }),
  );
  const expiring = Object.values(COLLECTION_FACTS).flatMap(({ name, expires }) => (expires ? [name] : []));
  const inactive = expiring.filter((group) => !active.has(group));
  if (inactive.length === 0) return [];
  const run = inactive.map(
    (group): GcloudCommand => ({
      args: [
        "firestore",
        "fields",
        "ttls",
        "update",
        "expireAt",
        `--collection-group=${group}`,
        "--enable-ttl",
        "--async",
        ...where,
      ],
    }),
  );
  return [
    {
      code: "ttl.inactive",
      severity: "warning",
      message: `These collections have no TTL policy that works: ${inactive.join(", ")}.`,
      ifLeft: "Documents that have expired are kept, and paid for, for ever.",
      fix: { kind: "gcloud", command: run.map(typed).join("\n"), run },
    },
  ];
}

function groupOf(name: string): string {
  return /\/collectionGroups\/([^/]+)\//.exec(name)?.[1] ?? "";
}

/** An index in words: `batonJobs owner ASCENDING createdAt DESCENDING`. */
function indexName(group: string, { queryScope, fields = [] }: Pick<IndexEntry, "queryScope" | "fields">): string {
  const named = fields.filter(({ fieldPath }) => fieldPath !== "__name__");
  const parts = named.map((field) => `${field.fieldPath} ${String(field.order ?? field.arrayConfig)}`);
  return [group, ...parts, ...(queryScope === "COLLECTION_GROUP" ? ["in all"] : [])].join(" ");
}
