import type { MiddlewareHandler } from "hono";
import type { AccessDenial } from "../accounts/access.ts";
import type { Principal, TokenVerifier } from "../accounts/principal.ts";
import type { ApiEnv } from "./api-env.ts";
import type { RequestLimits } from "./limit-requests.ts";
import { ProblemError } from "./problems.ts";

/** `Authorization: Bearer <token>`, RFC 6750 section 2.1. */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/** Advice to a user whose token is valid and who is not let in. */
const DENIED: Record<AccessDenial, string> = {
  anonymous: "This deployment takes no anonymous users. Sign in with an account, then send the request again.",
  provider: "This deployment does not take this way to sign in. Sign in another way, or ask its operator.",
  "unverified-email":
    "This deployment takes verified e-mail addresses only. Verify yours, ask for a fresh ID token, then send the request again.",
  claim: "This account may not use this deployment. Ask its operator for access, then ask for a fresh ID token.",
  tenant: "This deployment does not take users of this tenant. Ask its operator for access.",
  uid: 'A uid that begins with "tenant:" cannot be used here. Sign in with another account.',
};

/**
 * Lets a request through only with a valid Firebase ID token of a user who may use this deployment and does not ask too
 * often. Leaves the `principal` on the context. Decides before any of the body is read.
 */
export function authenticate(ports: { tokens: TokenVerifier }, limits: RequestLimits): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const caller = await identify(ports, c.req.header("authorization"));
    if (caller instanceof ProblemError) {
      limits.ofNetwork(c);
      throw caller;
    }
    limits.ofCaller(c, caller);
    c.set("principal", caller);
    await next();
  };
}

async function identify(
  { tokens }: { tokens: TokenVerifier },
  authorization: string | undefined,
): Promise<Principal | ProblemError> {
  const token = BEARER.exec(authorization?.trim() ?? "")?.[1];
  if (token === undefined) {
    return unauthenticated("Send the header Authorization: Bearer <Firebase ID token>.", "Bearer");
  }
  const verdict = await tokens.verify(token);
  if (verdict.outcome === "refused") return refusedToken(verdict.reason);
  if (verdict.outcome === "denied") return new ProblemError({ code: "access-denied", detail: DENIED[verdict.reason] });
  return verdict.principal;
}

function refusedToken(reason: "expired" | "invalid"): ProblemError {
  const challenge = 'Bearer error="invalid_token"';
  if (reason === "invalid") {
    return unauthenticated("The token is not a valid Firebase ID token of this project. Sign in again.", challenge);
  }
  const detail =
    "The ID token has expired. Ask the Firebase SDK for a fresh one (getIdToken) and send the request again.";
  return new ProblemError({ code: "token-expired", detail, headers: { "www-authenticate": challenge } });
}

function unauthenticated(detail: string, challenge: string): ProblemError {
  return new ProblemError({ code: "unauthenticated", detail, headers: { "www-authenticate": challenge } });
}
