import type { ErasureStore } from "../core/erasure.ts";
import type { Clock, Ids, JobStore, Log, Principal, Publisher, TokenVerifier, UrlGuard } from "../core/ports.ts";
import type { Tiers } from "../core/tiers.ts";
import type { JobType } from "../jobs/define-job.ts";

/** Everything the HTTPS function needs from outside. */
export interface ApiPorts {
  jobs: JobStore;
  erasures: Pick<ErasureStore, "request">;
  publisher: Publisher;
  tokens: TokenVerifier;
  /** The job types of this deployment, by name. */
  types: ReadonlyMap<string, JobType>;
  /** What owners may use, by the tier that their token claims. */
  tiers: Tiers;
  urlGuard: UrlGuard;
  /** The secret that signs the webhooks of one owner's jobs: `whsec_` + base64. */
  ownerSecret(owner: string): string;
  clock: Clock;
  ids: Pick<Ids, "jobId">;
  log: Log;
}

/** What middleware leaves on a request for the routes behind it. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    /** Set on every route below `/v1`. */
    principal: Principal;
  };
}
