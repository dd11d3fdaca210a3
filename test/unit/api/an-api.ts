import { JsonValue } from "@baton/protocol";
import { z } from "@hono/zod-openapi";
import sinon from "sinon";
import type { Principal } from "../../../engine/src/accounts/principal.ts";
import type { ApiPorts } from "../../../engine/src/functions/api-app.ts";
import { createApi } from "../../../engine/src/functions/api-app.ts";
import { withDeadlines } from "../../../engine/src/functions/api-deadlines.ts";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { type EnginePorts, withEngine } from "../../../engine/src/jobs/engine.ts";
import type { JobPublisher } from "../../../engine/src/jobs/ports.ts";
import type { Clock } from "../../../engine/src/kit/ports.ts";
import { memoryDeliveryStore } from "../../../engine/src/testing/memory-delivery-store.ts";
import { memoryEndpointStore } from "../../../engine/src/testing/memory-endpoint-store.ts";
import { memoryJobStore } from "../../../engine/src/testing/memory-job-store.ts";
import { memoryOwnerSecretStore } from "../../../engine/src/testing/memory-owner-secret-store.ts";
import { memoryRateLimiter } from "../../../engine/src/testing/memory-rate-limiter.ts";
import { memoryRecoveryStore } from "../../../engine/src/testing/memory-recovery-store.ts";
import type { UrlGuard } from "../../../engine/src/webhooks/egress/ports.ts";
import { webhookUrlPolicy } from "../../../engine/src/webhooks/egress/webhook-url-policy.ts";
import type { DeliveryPublisher } from "../../../engine/src/webhooks/ports.ts";
import { ownerSecrets } from "../../../engine/src/webhooks/signing/owner-secret.ts";
import { limits } from "../../support/jobs.ts";

/** The instant at which every test of the API happens. */
export const NOW = new Date("2026-03-01T12:00:00.000Z");

/** The webhook secrets of owners are derived from it. */
const MASTER_SECRET = "0123456789abcdef0123456789abcdef";

/** The id that the first submission gets; the next ones end in 2, 3, ... */
export const FIRST_ID = "AAAAAAAAAAAAAAAAAAA1";

/** The job type that every API of the tests has. */
export const countWords = defineJob({
  type: "count.words",
  input: z.strictObject({
    text: z.string(),
    limit: z.int().max(10).default(5),
    "odd/na~me": z.boolean().optional(),
    anything: JsonValue.optional(),
  }),
  output: z.object({ words: z.int() }),
  retry: { maxAttempts: 3 },
  run: async () => ({ words: 0 }),
});

/** The limits of an owner of tier `tiny`. */
const TINY = limits({
  jobsPerMinute: 2,
  jobsPerDay: 3,
  activeJobs: 1,
  maxInputBytes: 40,
  endpoints: 2,
  sendsPerMinute: 10,
});

const urlGuard: UrlGuard = {
  judge: (url) =>
    url === "https://10.0.0.1/" ? { outcome: "refused", message: "use a public address" } : { outcome: "allowed" },
};

/**
 * Builds the API on a store in memory. Tokens: `<uid>` is valid for that uid, `admin` also has the admin role, `tim` is
 * of tier `tiny`. `expired` and `forged` are refused, `guest` is an anonymous user that is denied, and `unchecked`
 * cannot be verified. Webhooks to `https://10.0.0.1/` are refused.
 */
export function anApi(replaced: Partial<Omit<ApiPorts, "engine"> & EnginePorts> = {}) {
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const publishJob = sinon.fake.resolves(undefined);
  const publishDelivery = sinon.fake.resolves(undefined);
  const jobs = memoryJobStore();
  const endpoints = memoryEndpointStore();
  const deliveries = memoryDeliveryStore();
  const recoveries = memoryRecoveryStore();
  const setup: Omit<ApiPorts, "engine"> & EnginePorts = {
    jobs,
    erasures: { request: async (owner, now) => ({ owner, requestedAt: now, shard: 0, expireAt: now }) },
    endpoints,
    deliveries,
    recoveries,
    rateLimiter: memoryRateLimiter(),
    publisher: { ...publishing(publishJob), publishDelivery },
    tokens: { verify },
    types: new Map([[countWords.type, countWords]]),
    tiers: { free: limits(), tiny: TINY },
    perNetwork: { requestsPerMinute: 1_000_000, trustedProxies: 0 },
    urlGuard,
    webhookUrls: webhookUrlPolicy(urlGuard, true),
    ownerSecrets: ownerSecrets(MASTER_SECRET, memoryOwnerSecretStore()),
    newKey: numberedKeys(),
    encryptsSecrets: true,
    clock: aClockAt(() => NOW),
    ids: numberedIds(),
    log,
    ...replaced,
  };
  const ports = withEngine(setup);
  const app = createApi(withDeadlines(ports));
  return { app, jobs, endpoints, deliveries, recoveries, ports, publishJob, publishDelivery, log, ...callsOf(app) };
}

/** Ids that end in 1, 2, 3, ... */
function numberedIds(): ApiPorts["ids"] {
  let ids = 0;
  const nextId = (first: string) => {
    ids += 1;
    return first.slice(0, -String(ids).length) + ids;
  };
  return {
    jobId: () => nextId(FIRST_ID),
    documentId: () => nextId("BBBBBBBBBBBBBBBBBBBB"),
    webhookId: () => nextId("msg_00000000000000000000000000000000"),
  };
}

/** Keys of webhooks made of 1, 2, 3, ... */
function numberedKeys(): ApiPorts["newKey"] {
  let keys = 0;
  return (scheme) => {
    keys += 1;
    if (scheme === "v1") return { secret: `whsec_${keys}` };
    const base64 = (bytes: number) => Buffer.alloc(bytes, keys).toString("base64");
    return { secret: `whsk_${base64(64)}`, publicKey: `whpk_${base64(32)}` };
  };
}

interface Call {
  /** A token; the request has none when this is absent. */
  as?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** The requests of tests to an API. */
function callsOf(app: ReturnType<typeof createApi>) {
  /** Sends one request and reads the answer. */
  async function call(method: string, path: string, { as, headers, body }: Call = {}) {
    const response = await app.request(path, {
      method,
      headers: { ...(as !== undefined && { authorization: `Bearer ${as}` }), ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }
  return {
    call,
    /** Submits `request` as JSON. */
    submit: (request: unknown, { as = "alice", headers = {} }: Call = {}) =>
      call("POST", "/v1/jobs", {
        as,
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(request),
      }),
    /** Sends `request` as JSON. */
    send(method: string, path: string, request?: unknown, as = "alice") {
      const headers = { "content-type": "application/json" };
      return call(method, path, { as, ...(request !== undefined && { headers, body: JSON.stringify(request) }) });
    },
  };
}

/** A publisher that does with jobs what it is given, and nothing else. */
export function publishing(publishJob: JobPublisher["publishJob"]): JobPublisher & DeliveryPublisher {
  return {
    publishJob,
    publishDeadLetter: sinon.fake.resolves(undefined),
    publishWake: sinon.fake.resolves(undefined),
    publishDelivery: sinon.fake.resolves(undefined),
  };
}

/** A clock that a test sets, and on which nothing is ever due. */
export function aClockAt(now: () => Date): Clock {
  return { now, after: () => () => {} };
}

const verify: ApiPorts["tokens"]["verify"] = async (token) => {
  if (token === "unchecked") throw new Error("keys could not be fetched from 10.1.2.3");
  if (token === "expired") return { outcome: "refused", reason: "expired" };
  if (token === "guest") return { outcome: "denied", reason: "anonymous" };
  if (token === "forged") return { outcome: "refused", reason: "invalid" };
  return { outcome: "verified", principal: principalOf(token) };
};

function principalOf(uid: string): Principal {
  return { uid, isAdmin: uid === "admin", ...(uid === "tim" && { tier: "tiny" }) };
}
