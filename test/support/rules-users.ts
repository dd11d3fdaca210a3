import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  initializeTestEnvironment,
  type RulesTestContext,
  type RulesTestEnvironment,
} from "@firebase/rules-unit-testing";
import { doc, onSnapshot, type query, setDoc, setLogLevel } from "firebase/firestore";
import { testCloud } from "./cloud.ts";

type Store = ReturnType<RulesTestContext["firestore"]>;

/**
 * Loads `firestore.rules`, changed by `change`, with documents of `ada` and others, into a project of its own, for the
 * tests of this `describe`. Answers the users of that project; each is there once the tests run.
 */
export function useRules(change: (rules: string) => string = (rules) => rules) {
  let loaded: RulesTestEnvironment | undefined;
  const env = () => {
    if (!loaded) throw new Error("The rules are loaded once the tests run.");
    return loaded;
  };

  before(async () => {
    // Every refusal would be printed as a warning otherwise.
    setLogLevel("silent");
    const { hostname, port } = new URL(`http://${testCloud().firestoreHost}`);
    const rules = change(await readFile("firestore.rules", "utf8"));
    const projectId = `demo-rules-${randomUUID().slice(0, 8)}`;
    loaded = await initializeTestEnvironment({ projectId, firestore: { host: hostname, port: Number(port), rules } });
    await loaded.withSecurityRulesDisabled((context) => seed(context.firestore()));
  });

  after(async () => {
    await loaded?.cleanup();
    setLogLevel("warn");
  });

  const claiming = (uid: string, claims: Record<string, unknown> = {}): Store =>
    env().authenticatedContext(uid, claims).firestore();
  return {
    claiming,
    ada: opened(() => claiming("ada")),
    bob: opened(() => claiming("bob")),
    admin: opened(() => claiming("root", { batonRole: "admin" })),
    signedOut: opened(() => env().unauthenticatedContext().firestore()),
    statusOfRead: (path: string, uid: string) => statusOfRead(env().projectId, path, uid),
  };
}

/**
 * Opens a store at the first call, and answers the same one from then on: a batch takes documents of one store only.
 */
function opened(open: () => Store): () => Store {
  let store: Store | undefined;
  return () => {
    store ??= open();
    return store;
  };
}

/** HTTP status of a read with a token of `uid`, made by hand: the SDK makes none for an empty uid. */
async function statusOfRead(projectId: string, path: string, uid: string): Promise<number> {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = { iss: `https://securetoken.google.com/${projectId}`, aud: projectId, sub: uid, user_id: uid };
  const token = `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
  const url = `http://${testCloud().firestoreHost}/v1/projects/${projectId}/databases/(default)/documents/${path}`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
}

async function seed(store: Store): Promise<void> {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const documents: Record<string, Record<string, unknown>> = {
    "batonJobs/job-a": { owner: "ada", status: "queued", createdAt },
    "batonJobs/job-b": { owner: "bob", status: "queued", createdAt },
    "batonJobs/job-of-tenant": { owner: "tenant:acme-1:ann", status: "queued", createdAt },
    "batonJobs/job-of-odd": { owner: "tenant:\n", status: "queued", createdAt },
    "batonJobs/job-of-null": { owner: null, status: "queued", createdAt },
    "batonJobs/job-of-empty": { owner: "", status: "queued", createdAt },
    "batonJobs/job-without-owner": { status: "queued", createdAt },
    "batonJobs/job-a/batonPayloads/input": { owner: "ada", input: {} },
    "batonJobs/job-a/batonPayloads/webhook": { owner: "ada", url: "https://example.com/?token=t" },
    "batonJobs/job-a/batonSteps/one": { owner: "ada", output: 1 },
    "batonResults/job-a": { owner: "ada", status: "completed", createdAt },
    "batonDeliveries/delivery-a": { owner: "ada", state: "failed", createdAt },
    "batonDeliveries/delivery-a/batonAttempts/1": { owner: "ada", number: 1, deliveryId: "delivery-a" },
    "batonAlerts/alert-a": { owner: "ada", kind: "failing", createdAt },
    "batonRecoveries/recovery-a": { owner: "ada", state: "running", createdAt },
    "batonDeadLetters/letter-a": { owner: "ada", kind: "undeliverable", receivedAt: createdAt },
    "batonDeadLetters/letter-without-owner": { kind: "unreadable", receivedAt: createdAt },
    "batonEndpoints/endpoint-a": { owner: "ada", url: "https://example.com/hook", disabled: false, createdAt },
    "batonEndpoints/endpoint-a/batonSecrets/secret-1": { owner: "ada", sealed: { box: "AAAA" }, createdAt },
    "batonEndpoints/endpoint-a/batonSecrets/headers": { owner: "ada", sealed: { box: "AAAA" } },
    "batonRateLimits/endpoint-a": { owner: "ada" },
    "mail/message-a": { owner: "ada", toUids: ["ada"] },
    "batonUsage/ada": { owner: "ada", jobs: 1 },
    "batonErasures/ada": { owner: "ada" },
    "batonLanes/ada": { owner: "ada" },
    "batonCache/some-hash": { owner: "ada" },
    "batonApiKeys/some-hash": { owner: "ada" },
  };
  await Promise.all(Object.entries(documents).map(([path, fields]) => setDoc(doc(store, path), fields)));
}

/** Resolves with the first snapshot of a listener, rejects when the rules refuse it. */
export function firstSnapshot(target: ReturnType<typeof query> | ReturnType<typeof doc>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = target.type === "document" ? onSnapshot(target, settle, reject) : onSnapshot(target, settle, reject);
    function settle(snapshot: unknown): void {
      resolve(snapshot);
      queueMicrotask(() => stop());
    }
  });
}
