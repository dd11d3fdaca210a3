import { LifecycleEventType } from "@baton/protocol";
import { z } from "zod";
import { CPU, MEMORY, QUEUE_NAME } from "../job-types/queue.ts";
import { isParameter } from "../job-types/setting.ts";
import { Host } from "../webhooks/egress/egress-settings.ts";
import type { BatonOptions } from "./baton-options.ts";
import { BucketName, MailCollection } from "./config.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import { TierSettings } from "./tier-settings.ts";

/** A value by a schema, or a parameter, whose value is not known yet. */
function setting(schema: z.ZodType) {
  return z.unknown().superRefine((value, context) => {
    const issue = isParameter(value) ? undefined : schema.safeParse(value).error?.issues[0];
    if (issue) context.addIssue(issue.message);
  });
}

const whole = (from: number, to: number) => {
  const rule = `has to be a whole number from ${from} to ${to}`;
  return z.int(rule).min(from, rule).max(to, rule);
};
const oneOf = (values: readonly (string | number)[]) => z.literal([...values], `has to be one of ${values.join(", ")}`);

const Queue = z.strictObject({
  memory: setting(oneOf(MEMORY)).optional(),
  cpu: oneOf(CPU).optional(),
  concurrency: setting(whole(1, 1000)).optional(),
  maxInstances: setting(whole(1, 1000)).optional(),
  timeoutSeconds: setting(whole(60, 540)).optional(),
});
const QueueName = z
  .string()
  .regex(
    QUEUE_NAME,
    'is not the name of a queue: 1 to 20 lower-case letters and digits, a letter first, and not "dead"',
  );

const Instances = setting(whole(1, 1000));
const LIMITED = FUNCTION_NAMES.filter((name) => name !== "worker");
const InstancesByName = z.strictObject(Object.fromEntries(LIMITED.map((name) => [name, Instances.optional()])));
const isByName = (value: unknown) => typeof value === "object" && value !== null && !isParameter(value);

const ACCOUNT = 'has to be "managed" or a function that gives an e-mail for the name of a function';
const Region = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)+\d+$/, "has to be the name of a region: lower-case words, hyphens and a number");
const Database = z
  .string()
  .regex(
    /^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/,
    "has to be the name of a Firestore database, such as (default)",
  );

/** A value that `defineJob` made, of any copy of it. */
const isJobType = (value: unknown) =>
  typeof value === "object" && value !== null && "run" in value && "computeLimits" in value;

const Options = z.strictObject({
  jobs: z.array(
    z.custom(isJobType, "has to be a job type: make it with defineJob"),
    "has to be a list of job types, as in createBaton({ jobs: [greeting] })",
  ),
  queues: z.record(QueueName, Queue).optional(),
  tiers: TierSettings.optional(),
  region: setting(Region).optional(),
  database: setting(Database).optional(),
  maxInstances: z
    .unknown()
    .superRefine((value, context) => {
      const { error } = (isByName(value) ? InstancesByName : Instances.optional()).safeParse(value);
      for (const { path, message } of error?.issues ?? [])
        context.addIssue({ code: "custom", path: [...path], message });
    })
    .optional(),
  webhooks: z.strictObject({ ownHosts: z.array(Host).optional() }, "has to be an object, such as {}").optional(),
  mailCollection: setting(MailCollection).optional(),
  filesBucket: setting(BucketName).optional(),
  eventTypes: z.array(oneOf(LifecycleEventType.options), "has to be a list of types of events").optional(),
  serviceAccount: z.custom((value) => value === "managed" || typeof value === "function", ACCOUNT).optional(),
});

/** Throws one sentence that says what is wrong with the options, where, and what to do. */
export function demandOptions(given: BatonOptions): void {
  const issue = Options.safeParse(given).error?.issues[0];
  if (issue) throw new Error(`createBaton: ${sentenceOf(issue, given)}`);
}

function sentenceOf(issue: z.core.$ZodIssue, given: unknown): string {
  const place = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((name) => `"${name}"`).join(", ");
    return `${place === "" ? "there is" : `${place} has`} no option ${names}. Correct its name, or leave it out.`;
  }
  if (place === "") return "its options have to be an object, as in createBaton({ jobs: [greeting] }).";
  const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const rule = /^(is|has) /.test(message) ? `it ${message}` : message.replace(/^\w/, (first) => first.toLowerCase());
  return `${place} is ${shown(valueAt(given, issue.path))}; ${rule}.`;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    given,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "function") return "a function";
  return JSON.stringify(value) ?? typeof value;
}
