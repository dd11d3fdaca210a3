import type { UsageView } from "@baton/protocol";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { limitRate } from "../accounts/limit-rate.ts";
import type { Principal } from "../accounts/principal.ts";
import { limitsOf, type Tiers, tierOf } from "../accounts/tiers.ts";
import type { ApiEnv } from "../http/api-env.ts";
import { ANSWERS, json, QUOTA_REFUSALS, REFUSALS, SECURITY } from "../http/openapi.ts";
import type { JobStore } from "../jobs/ports.ts";
import { newUsage, type QuotaState, quotasOf } from "../jobs/rules/usage.ts";
import type { Clock } from "../kit/ports.ts";
import type { RateLimiter } from "../kit/rate-limiter.ts";
import type { ErasureStore } from "./ports.ts";

/** The ports of these routes. */
export interface OwnerPorts {
  jobs: Pick<JobStore, "readUsage" | "countActive">;
  erasures: Pick<ErasureStore, "request">;
  rateLimiter: RateLimiter;
  tiers: Tiers;
  clock: Clock;
}

/** Adds what is about the caller alone: what they have used, and the deletion of their data. */
export function addOwnerRoutes(app: OpenAPIHono<ApiEnv>, ports: OwnerPorts): void {
  app.openapi(usageRoute, async (c) => c.json(await usageOf(ports, c.get("principal")), 200));
  app.openapi(eraseRoute, async (c) => {
    await limitRate(ports, c.get("principal"), "erasures");
    const { requestedAt } = await ports.erasures.request(c.get("principal").uid, ports.clock.now());
    return c.json({ requestedAt: requestedAt.toISOString() }, 202);
  });
}

async function usageOf(ports: OwnerPorts, { uid, tier }: Principal): Promise<UsageView> {
  const now = ports.clock.now();
  const limits = limitsOf(ports.tiers, tier);
  const [usage, inLine] = await Promise.all([ports.jobs.readUsage(uid), ports.jobs.countActive(uid)]);
  const { minute, day, inputBytes } = quotasOf(usage ?? newUsage(uid, now), limits, now);
  const view = ({ limit, remaining, resetMs }: QuotaState) => ({
    used: limit - remaining,
    remaining,
    resetsAt: new Date(now.getTime() + resetMs).toISOString(),
  });
  const endpoints = usage?.endpoints ?? 0;
  const quotas = { minute: view(minute), day: view(day), inputBytes: view(inputBytes) };
  return { tier: tierOf(ports.tiers, tier), limits, ...quotas, ...inLine, endpoints };
}

const usageRoute = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "readUsage",
  summary: "Read what the caller may use, and has used",
  security: SECURITY,
  responses: {
    ...REFUSALS,
    200: json(ANSWERS.Usage, "Limits of the caller's tier, quotas, and jobs that run and wait."),
  },
});

const eraseRoute = createRoute({
  method: "delete",
  path: "/v1/data",
  operationId: "eraseData",
  summary: "Delete the caller's data",
  description:
    "Asks for the deletion of the caller's jobs, with all they left, and endpoints, up to this instant; unfinished jobs " +
    "are cancelled first. It is carried out within minutes. Jobs submitted later stay. Asking again moves that instant on. " +
    "What was used of the day's quota stays used.",
  security: SECURITY,
  responses: {
    ...QUOTA_REFUSALS,
    202: json(ANSWERS.Erasure, "Noted, and about to be carried out."),
  },
});
