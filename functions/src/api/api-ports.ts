import type { ErasureStore } from "../core/erasure.ts";
import type { Clock, Ids, JobStore, Log, Principal, Publisher, TokenVerifier } from "../core/ports.ts";
import type { Tiers } from "../core/tiers.ts";
import type { SignatureScheme } from "../core/webhooks/endpoint.ts";
import type { OwnerSecrets } from "../core/webhooks/owner-secrets.ts";
import type { DeliveryStore, EndpointStore, Pace, RecoveryStore, UrlGuard } from "../core/webhooks/ports.ts";
import type { JobType } from "../jobs/define-job.ts";

/** Everything the HTTPS function needs from outside. */
export interface ApiPorts {
  jobs: JobStore;
  erasures: Pick<ErasureStore, "request">;
  endpoints: Omit<EndpointStore, "readKeys" | "changeHealth">;
  deliveries: Pick<DeliveryStore, "createAll" | "apply" | "read" | "list" | "listAttempts" | "listIds">;
  recoveries: Pick<RecoveryStore, "begin" | "read" | "listOf">;
  /** Of what owners ask to be sent. */
  pace: Pace;
  publisher: Publisher;
  tokens: TokenVerifier;
  /** The job types of this deployment, by name. */
  types: ReadonlyMap<string, JobType>;
  /** What owners may use, by the tier that their token claims. */
  tiers: Tiers;
  /** How many requests without a user, or by anonymous ones, one network may send an instance in a minute; see `clientNetwork`. */
  perNetwork: { requestsPerMinute: number; trustedProxies: number };
  urlGuard: UrlGuard;
  /** Absent where the deployment has no master secret: then nothing signs the webhooks of jobs. */
  ownerSecrets?: OwnerSecrets;
  /** A fresh secret for an endpoint; of scheme `v1a` with the public key that verifies: `whpk_` + base64. */
  newKey(scheme: SignatureScheme): { secret: string; publicKey?: string };
  /** False where the deployment has no key to encrypt secrets with: then none can be kept. */
  encryptsSecrets: boolean;
  clock: Clock;
  ids: Pick<Ids, "jobId" | "documentId" | "webhookId">;
  log: Log;
}

/** What middleware leaves on a request for the routes behind it. */
export interface ApiEnv {
  /** Facts of the connection. */
  Bindings: { remoteAddress?: string };
  Variables: {
    requestId: string;
    /** Set on every route below `/v1`. */
    principal: Principal;
  };
}
