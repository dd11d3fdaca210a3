import type { FunctionName } from "../../engine/src/functions/function-names.ts";
import {
  DEAD_LETTER_TOPIC,
  DELIVERY_TOPIC,
  EVENT_TOPIC,
  isQueueTopic,
  WAKE_TOPIC,
} from "../../engine/src/platform/pubsub/topics.ts";
import type { DeployedFunction } from "./deployed-functions.ts";

/** The resources that follow from the functions of a deployment. Accounts are named by their ids. */
export interface Plan {
  /** Each service account with its roles on the project. */
  accounts: ReadonlyMap<string, readonly string[]>;
  /** Each topic with the accounts that publish to it. */
  topics: ReadonlyMap<string, readonly string[]>;
  /** Each secret with the accounts that read it. */
  secrets: ReadonlyMap<string, readonly string[]>;
}

/**
 * Plans the accounts that the functions run as, the topics whose messages they receive, and the secrets that they read.
 * Throws when a function receives the messages of a topic that is none of Baton's.
 */
export function planResources(functions: readonly DeployedFunction[]): Plan {
  return {
    accounts: grouped(functions.flatMap((one) => rolesOf(one).map((role) => [one.account, role]))),
    topics: grouped([
      ...accountsOf(functions, EVENT_PUBLISHERS).map((account) => [EVENT_TOPIC, account]),
      ...functions.flatMap(({ topic }) =>
        topic === undefined ? [] : accountsOf(functions, publishersOf(topic)).map((account) => [topic, account]),
      ),
    ]),
    secrets: grouped(functions.flatMap(({ secrets, account }) => secrets.map((secret) => [secret, account]))),
  };
}

/**
 * The roles of a function on the project. Topics and secrets are granted one by one. ID tokens need no role: the keys
 * are public. Logs need none: the platform collects what a function prints. `sweep` needs none to be called: the
 * Firebase CLI lets the scheduler invoke the service.
 *
 * Eventarc delivers an event in the name of the function's own account, which therefore receives events and invokes.
 * The grant is project-wide: the services exist only after the first `firebase deploy`, and Cloud Run knows no IAM
 * condition on a service's name.
 */
function rolesOf({ hasSubscription }: DeployedFunction): string[] {
  return ["roles/datastore.user", ...(hasSubscription ? ["roles/eventarc.eventReceiver", "roles/run.invoker"] : [])];
}

/** A function that makes a job final promotes others, on any queue, and any of these may have to wait. */
const JOB_MOVERS: readonly FunctionName[] = ["api", "worker", "wake", "bury", "sweep"];

/** `api` publishes what owners ask for, `notify` and `deliver` attempts that are seconds away, `sweep` what is due. */
const DELIVERY_PUBLISHERS: readonly FunctionName[] = ["api", "notify", "deliver", "sweep"];

/** The functions that fail a job which has used up its attempts. */
const DEAD_LETTER_PUBLISHERS: readonly FunctionName[] = ["worker", "bury"];

/** The functions that move jobs, and those that tell of their ends. */
const EVENT_PUBLISHERS: readonly FunctionName[] = [...JOB_MOVERS, "notify", "deliver"];

function publishersOf(topic: string): readonly FunctionName[] {
  if (topic === WAKE_TOPIC || isQueueTopic(topic)) return JOB_MOVERS;
  if (topic === DELIVERY_TOPIC) return DELIVERY_PUBLISHERS;
  if (topic === DEAD_LETTER_TOPIC) return DEAD_LETTER_PUBLISHERS;
  throw new Error(`${topic} is none of Baton's topics: infra/ does not know who publishes to it.`);
}

function accountsOf(functions: readonly DeployedFunction[], kinds: readonly FunctionName[]): string[] {
  return functions.filter(({ kind }) => kinds.includes(kind)).map(({ account }) => account);
}

/** The values of each key, each once. */
function grouped(pairs: readonly (readonly string[])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key = "", value = ""] of pairs) {
    const group = groups.get(key) ?? [];
    if (!group.includes(value)) group.push(value);
    groups.set(key, group);
  }
  return groups;
}
