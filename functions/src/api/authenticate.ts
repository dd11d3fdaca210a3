import type { MiddlewareHandler } from "hono";
import type { ApiEnv, ApiPorts } from "./api-ports.ts";
import { ProblemError, reach } from "./problems.ts";

/** `Authorization: Bearer <token>`, RFC 6750 section 2.1. */
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/** Lets a request through only with a valid Firebase ID token, and leaves its `principal` on the context. */
export function authenticate(ports: Pick<ApiPorts, "tokens">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const token = BEARER.exec(c.req.header("authorization")?.trim() ?? "")?.[1];
    if (token === undefined) {
      throw unauthenticated("Send the header Authorization: Bearer <Firebase ID token>.", "Bearer");
    }
    const verdict = await reach("the token verifier", ports.tokens.verify(token));
    if (verdict.outcome === "refused") throw refusedToken(verdict.reason);
    c.set("principal", verdict.principal);
    await next();
  };
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
