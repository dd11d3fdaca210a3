import type { Agent } from "node:http";
import { getApps, initializeApp } from "firebase-admin/app";
import { type DecodedIdToken, getAuth } from "firebase-admin/auth";
import { type ClaimValue, hasClaim } from "../core/access.ts";
import type { Principal, TokenVerdict, TokenVerifier } from "../core/ports.ts";

/** Codes by which the SDK says that a token is no good; `auth/argument-error` is looked at more closely. */
const INVALID_CODES = new Set(["auth/id-token-revoked", "auth/user-disabled", "auth/user-not-found"]);

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
  const { projectId, adminClaim, checkRevoked } = settings;
  // A name of its own: a default app elsewhere in the process does not matter.
  const name = `token-verifier-${getApps().length}`;
  const auth = getAuth(initializeApp({ projectId, ...(httpAgent && { httpAgent }) }, name));
  return {
    async verify(token) {
      try {
        const claims = await auth.verifyIdToken(token, checkRevoked);
        return { outcome: "verified", principal: principalOf(claims, adminClaim) };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

function principalOf(token: DecodedIdToken, adminClaim: ClaimValue): Principal {
  const { tier } = token;
  return {
    uid: token.uid,
    isAdmin: hasClaim(token, adminClaim),
    ...(typeof tier === "string" && { tier }),
  };
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
