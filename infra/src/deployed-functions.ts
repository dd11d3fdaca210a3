import { FUNCTION_NAMES, type FunctionName } from "../../engine/src/functions/function-names.ts";
import type { Endpoint, Manifest } from "./manifest.ts";

/** A function of the deployment. */
export interface DeployedFunction {
  /** The name it is deployed under, `baton-worker-heavy` for example. */
  name: string;
  /** Which of Baton's functions it is: `worker` for that of each queue. */
  kind: FunctionName;
  /** Id of the service account that it runs as: the part of the e-mail address before the `@`. */
  account: string;
  /** Names of the secrets that it reads. */
  secrets: readonly string[];
  /** True when Eventarc brings it events through a subscription. */
  hasSubscription: boolean;
  /** The topic whose messages it receives; absent when it receives none. */
  topic?: string;
}

/** A service account of this project. */
const OWN_ACCOUNT = /^([a-z][a-z0-9-]{4,28}[a-z0-9])@\{\{ params\.PROJECT_ID \}\}\.iam\.gserviceaccount\.com$/;

/**
 * The functions of a manifest, in its order. Throws when the infrastructure cannot follow from one of them: it is none
 * of Baton's, or has no service account of its own in this project.
 */
export function deployedFunctions(manifest: Manifest): DeployedFunction[] {
  return Object.entries(manifest.endpoints).map(([name, endpoint]) => {
    const topic = endpoint.eventTrigger?.eventFilters?.topic;
    return {
      name,
      kind: kindOf(name),
      account: accountOf(name, endpoint),
      secrets: (endpoint.secretEnvironmentVariables ?? []).map(({ key }) => key),
      hasSubscription: endpoint.eventTrigger !== undefined,
      ...(topic !== undefined && { topic }),
    };
  });
}

/** `worker` of `baton-worker` and `baton-worker-heavy`. */
function kindOf(name: string): FunctionName {
  const kind = FUNCTION_NAMES.find(
    (one) => name === `baton-${one}` || (one === "worker" && /^baton-worker-/.test(name)),
  );
  if (kind === undefined) throw new Error(`${name} is none of Baton's functions: infra/ does not know its grants.`);
  return kind;
}

function accountOf(name: string, { serviceAccountEmail }: Endpoint): string {
  const account = OWN_ACCOUNT.exec(serviceAccountEmail ?? "")?.[1];
  if (account !== undefined) return account;
  throw new Error(
    `${name} has no service account of its own in this project: let serviceAccount of createBaton answer ` +
      '"<id>@{{ params.PROJECT_ID }}.iam.gserviceaccount.com".',
  );
}
