import type { Agent } from "node:http";
import { getApps, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { z } from "zod";
import { type Access, admit, type ClaimValue, hasClaim, type TokenClaims } from "./access.ts";
import type { TokenVerdict, TokenVerifier } from "./principal.ts";

/** Codes by which the SDK says that a token is no good; `auth/argument-error` is looked at more closely. */
const INVALID_CODES = new Set([
  "auth/id-token-revoked",
  "auth/user-disabled",
  "auth/user-not-found",
  "auth/mismatching-tenant-id",
]);

/**
 * How the message of an `auth/argument-error` begins when the token is at fault. The SDK gives a failed fetch of
 * Google's keys the same code and the network's own words (its `mapJwtErrorToAuthError`).
 */
const INVALID_MESSAGE = /^(Decoding )?Firebase ID token |^verifyIdToken\(\) expects |^no-kid-in-header-error/;

/** How the tokens of one project are verified. */
export interface VerifierSettings {
  projectId: string;
  /** Makes an admin of a user whose token has exactly this claim. */
  adminClaim: ClaimValue;
  /** The name of the custom claim whose value is the user's tier. */
  tierClaim: string;
  /** Who may use the API. */
  access: Access;
  /** Asks Firebase Auth at each call whether the token was revoked or its user disabled; costs a call and a role. */
  checkRevoked: boolean;
}

/**
 * Verifies ID tokens of one Firebase project with Google's public keys, which are fetched when needed and kept as long
 * as Google allows. Without `checkRevoked` a revoked token stays valid until it expires, at most an hour.
 * With `FIREBASE_AUTH_EMULATOR_HOST` set at the time of this call, the tokens of that emulator are taken and its users
 * looked up. `httpAgent` makes the connections to Google, where they need a proxy.
 */
export function firebaseTokenVerifier(settings: VerifierSettings, httpAgent?: Agent): TokenVerifier {
  const { projectId, checkRevoked, access } = settings;
  // A name of its own: a default app elsewhere in the process does not matter.
  const name = `token-verifier-${getApps().length}`;
  const auth = getAuth(initializeApp({ projectId, ...(httpAgent && { httpAgent }) }, name));
  return {
    async verify(token) {
      try {
        const tenant = claimedTenant(token);
        if (tenant === undefined) return verdictOn(await auth.verifyIdToken(token, checkRevoked), settings);
        // The users of a tenant are looked up in it. One that is not listed is denied, whatever became of its user.
        if (!access.tenants.includes(tenant)) return verdictOn(await auth.verifyIdToken(token), settings);
        const tenantAuth = auth.tenantManager().authForTenant(tenant);
        return verdictOn(await tenantAuth.verifyIdToken(token, checkRevoked), settings);
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

const TenantToken = z.object({ firebase: z.object({ tenant: z.string() }) });

/** The tenant that a token names before anything of it is verified. */
function claimedTenant(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return TenantToken.safeParse(payload).data?.firebase.tenant;
  } catch {
    return undefined; // Verifying says what is wrong with it.
  }
}

function verdictOn(claims: TokenClaims, { access, adminClaim, tierClaim }: VerifierSettings): TokenVerdict {
  const admission = admit(claims, access);
  if (admission.outcome === "denied") return admission;
  const { owner: uid, isAnonymous } = admission;
  const tier = Object.hasOwn(claims, tierClaim) ? claims[tierClaim] : undefined;
  const isAdmin = hasClaim(claims, adminClaim);
  const also = { ...(typeof tier === "string" && { tier }), ...(isAnonymous && { isAnonymous }) };
  return { outcome: "verified", principal: { uid, isAdmin, ...also } };
}

function refusal(error: unknown): TokenVerdict {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // The SDK gives every failure it foresees a code, the network's too. One without is the SDK tripping over the token
  // itself: a payload that is no JSON, or whose claims have types it does not expect.
  if (code === undefined) return INVALID;
  if (code === "auth/id-token-expired") return { outcome: "refused", reason: "expired" };
  if (typeof code === "string" && INVALID_CODES.has(code)) return INVALID;
  if (code === "auth/argument-error" && error instanceof Error && INVALID_MESSAGE.test(error.message)) return INVALID;
  throw error;
}

const INVALID: TokenVerdict = { outcome: "refused", reason: "invalid" };
