import { getApps, initializeApp } from "firebase-admin/app";
import { type DecodedIdToken, getAuth } from "firebase-admin/auth";
import type { Principal, TokenVerdict, TokenVerifier } from "../core/ports.ts";

/** Own name for the SDK's app, so that a default one elsewhere in the process does not matter. */
const APP_NAME = "token-verifier";

/** What the SDK says of a token it will not take. Anything else means that it could not check. */
const INVALID_CODES = new Set([
  "auth/argument-error",
  "auth/invalid-argument",
  "auth/invalid-id-token",
  "auth/id-token-revoked",
  "auth/user-disabled",
  "auth/user-not-found",
]);

/**
 * Verifies ID tokens of one Firebase project with Google's public keys, which are fetched when needed and kept as long
 * as Google allows. A revoked token stays valid until it expires (at most an hour): checking would cost a call a request.
 * With `FIREBASE_AUTH_EMULATOR_HOST` set, the tokens of that emulator are taken and its users looked up.
 */
export function firebaseTokenVerifier(projectId: string): TokenVerifier {
  const name = `${APP_NAME}-${projectId}`;
  const app = getApps().find((existing) => existing.name === name) ?? initializeApp({ projectId }, name);
  return {
    async verify(token) {
      try {
        return { outcome: "verified", principal: principalOf(await getAuth(app).verifyIdToken(token)) };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

function principalOf(token: DecodedIdToken): Principal {
  const { role, tier } = token;
  return {
    uid: token.uid,
    ...(typeof role === "string" && { role }),
    ...(typeof tier === "string" && { tier }),
  };
}

function refusal(error: unknown): TokenVerdict {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "auth/id-token-expired") return { outcome: "refused", reason: "expired" };
  if (typeof code === "string" && INVALID_CODES.has(code) && !isFetchFailure(error)) {
    return { outcome: "refused", reason: "invalid" };
  }
  throw error;
}

/** The SDK gives a failed fetch of the keys the same code as a bad token; only the message tells them apart. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof Error && /^Error (fetching|while making request)/.test(error.message);
}
