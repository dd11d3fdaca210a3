import type { Principal } from "../accounts/principal.ts";

/** Values that middleware leaves on a request for the routes behind it. */
export interface ApiEnv {
  /** Facts of the connection. */
  Bindings: { remoteAddress?: string };
  Variables: {
    requestId: string;
    /** Set on every route below `/v1`. */
    principal: Principal;
  };
}
