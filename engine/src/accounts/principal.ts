import type { AccessDenial } from "./access.ts";

/** Who is calling. */
export interface Principal {
  /** The owner of what this caller submits: the Firebase uid, or `tenant:TENANT:UID` for a user of a tenant. */
  uid: string;
  /** Carries the deployment's admin claim: reads every owner's jobs, and changes nothing. */
  isAdmin: boolean;
  tier?: string;
  /** An anonymous user. One person can make any number of them. */
  isAnonymous?: true;
}

export type TokenVerdict =
  | { outcome: "verified"; principal: Principal }
  | { outcome: "refused"; reason: "expired" | "invalid" }
  /** The token is valid, and its user may not use this deployment. */
  | { outcome: "denied"; reason: AccessDenial };

/** Checks Firebase ID tokens. Throws only when the keys cannot be fetched. */
export interface TokenVerifier {
  verify(token: string): Promise<TokenVerdict>;
}
