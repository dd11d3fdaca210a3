import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestContext,
  type RulesTestEnvironment,
} from "@firebase/rules-unit-testing";
import {
  addDoc,
  collection,
  collectionGroup,
  deleteDoc,
  doc,
  documentId,
  getCountFromServer,
  getDoc,
  getDocs,
  limit,
  onSnapshot,
  or,
  orderBy,
  query,
  runTransaction,
  setDoc,
  setLogLevel,
  startAt,
  updateDoc,
  where,
  writeBatch,
} from "firebase/firestore";
import { testCloud } from "../support/cloud.ts";

type Store = ReturnType<RulesTestContext["firestore"]>;

describe("firestore.rules", () => {
  let env: RulesTestEnvironment;
  let ada: Store;
  let bob: Store;
  let admin: Store;
  let nobody: Store;

  before(async () => {
    // Every refusal would be printed as a warning otherwise.
    setLogLevel("silent");
    const { hostname, port } = new URL(`http://${testCloud().firestoreHost}`);
    env = await initializeTestEnvironment({
      // Rules and documents of a project of its own: nothing else of this run meets them.
      projectId: `demo-rules-${randomUUID().slice(0, 8)}`,
      firestore: { host: hostname, port: Number(port), rules: await readFile("firestore.rules", "utf8") },
    });
    ada = env.authenticatedContext("ada").firestore();
    bob = env.authenticatedContext("bob").firestore();
    admin = env.authenticatedContext("root", { batonRole: "admin" }).firestore();
    nobody = env.unauthenticatedContext().firestore();
    await env.withSecurityRulesDisabled((context) => seed(context.firestore()));
  });

  after(async () => {
    await env.cleanup();
    setLogLevel("warn");
  });

  describe("an owner", () => {
    it("gets an own job", () => assertSucceeds(getDoc(doc(ada, "jobs/job-a"))));
    it("gets an own result", () => assertSucceeds(getDoc(doc(ada, "results/job-a"))));
    it("gets an own delivery", () => assertSucceeds(getDoc(doc(ada, "deliveries/delivery-a"))));
    it("gets an own delivery's attempt", () => assertSucceeds(getDoc(doc(ada, "deliveries/delivery-a/attempts/1"))));
    it("lists an own delivery's attempts", () =>
      assertSucceeds(
        getDocs(
          query(collection(ada, "deliveries/delivery-a/attempts"), where("owner", "==", "ada"), orderBy("number")),
        ),
      ));
    it("gets an own notice", () => assertSucceeds(getDoc(doc(ada, "notices/notice-a"))));
    it("gets an own recovery", () => assertSucceeds(getDoc(doc(ada, "recoveries/recovery-a"))));
    for (const own of ["notices", "recoveries"]) {
      it(`lists own ${own}, newest first`, () =>
        assertSucceeds(
          getDocs(query(collection(ada, own), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(20))),
        ));
    }
    it("listens to an own recovery", () => assertSucceeds(firstSnapshot(doc(ada, "recoveries/recovery-a"))));
    it("gets an own dead letter", () => assertSucceeds(getDoc(doc(ada, "deadLetters/letter-a"))));
    it("gets an own endpoint", () => assertSucceeds(getDoc(doc(ada, "endpoints/endpoint-a"))));
    it("lists own jobs, newest first, as the console does", () =>
      assertSucceeds(
        getDocs(query(collection(ada, "jobs"), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(50))),
      ));
    it("lists own jobs of one status", () =>
      assertSucceeds(
        getDocs(query(collection(ada, "jobs"), where("owner", "==", "ada"), where("status", "==", "queued"))),
      ));
    it("counts own jobs", () =>
      assertSucceeds(getCountFromServer(query(collection(ada, "jobs"), where("owner", "==", "ada")))));
    it("lists own results", () =>
      assertSucceeds(getDocs(query(collection(ada, "results"), where("owner", "==", "ada")))));
    it("lists own deliveries", () =>
      assertSucceeds(getDocs(query(collection(ada, "deliveries"), where("owner", "==", "ada")))));
    it("lists own dead letters, newest first", () =>
      assertSucceeds(
        getDocs(query(collection(ada, "deadLetters"), where("owner", "==", "ada"), orderBy("receivedAt", "desc"))),
      ));
    it("lists own endpoints", () =>
      assertSucceeds(getDocs(query(collection(ada, "endpoints"), where("owner", "==", "ada")))));
    it("listens to own jobs", () =>
      assertSucceeds(firstSnapshot(query(collection(ada, "jobs"), where("owner", "==", "ada")))));
  });

  describe("somebody else", () => {
    it("is refused a job by its id", () => assertFails(getDoc(doc(bob, "jobs/job-a"))));
    it("is refused a result by its id", () => assertFails(getDoc(doc(bob, "results/job-a"))));
    it("is refused a delivery by its id", () => assertFails(getDoc(doc(bob, "deliveries/delivery-a"))));
    for (const path of ["deliveries/delivery-a/attempts/1", "notices/notice-a", "recoveries/recovery-a"]) {
      it(`is refused ${path} by its id`, () => assertFails(getDoc(doc(bob, path))));
    }
    for (const name of ["deliveries", "deliveries/delivery-a/attempts", "notices", "recoveries"]) {
      it(`is refused all ${name}`, () => assertFails(getDocs(collection(bob, name))));
      it(`is refused another owner's ${name}`, () =>
        assertFails(getDocs(query(collection(bob, name), where("owner", "==", "ada")))));
    }
    it("is refused the attempts of an endpoint whose id they know", () =>
      assertFails(getDocs(query(collectionGroup(bob, "attempts"), where("deliveryId", "==", "delivery-a")))));
    it("is refused another's deliveries by an endpoint's id", () =>
      assertFails(getDocs(query(collection(bob, "deliveries"), where("endpointId", "==", "endpoint-a")))));
    it("is refused a dead letter by its id", () => assertFails(getDoc(doc(bob, "deadLetters/letter-a"))));
    it("is refused a dead letter that has no owner", () =>
      assertFails(getDoc(doc(bob, "deadLetters/letter-of-nobody"))));
    it("is refused all dead letters", () => assertFails(getDocs(collection(bob, "deadLetters"))));
    it("is refused an endpoint by its id", () => assertFails(getDoc(doc(bob, "endpoints/endpoint-a"))));
    it("cannot tell a job that does not exist from one that is not theirs", () =>
      assertFails(getDoc(doc(bob, "jobs/no-such-job"))));
    it("is refused a list without an owner", () => assertFails(getDocs(collection(bob, "jobs"))));
    it("is refused a list of one job without an owner", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), limit(1)))));
    it("is refused a list of another owner's jobs", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where("owner", "==", "ada")))));
    it("is refused a list of own and another's jobs by `in`", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where("owner", "in", ["bob", "ada"])))));
    it("is refused a list of own and another's jobs by `or`", () =>
      assertFails(
        getDocs(query(collection(bob, "jobs"), or(where("owner", "==", "bob"), where("owner", "==", "ada")))),
      ));
    it("is refused a list of all owners but one", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where("owner", "!=", "bob")))));
    it("is refused a range of owners that holds their own", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where("owner", ">=", "a"), where("owner", "<=", "bob")))));
    it("is refused a list ordered by owner that starts at their own", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), orderBy("owner"), startAt("bob"), limit(1)))));
    it("is refused a list by document id", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where(documentId(), "==", "job-a")))));
    it("is refused a list by a field that names another owner's job", () =>
      assertFails(getDocs(query(collection(bob, "jobs"), where("status", "==", "queued")))));
    it("is refused a count of all jobs", () => assertFails(getCountFromServer(collection(bob, "jobs"))));
    it("is refused a count of another owner's jobs", () =>
      assertFails(getCountFromServer(query(collection(bob, "jobs"), where("owner", "==", "ada")))));
    it("is refused all results", () => assertFails(getDocs(collection(bob, "results"))));
    it("is refused all endpoints", () => assertFails(getDocs(collection(bob, "endpoints"))));
    it("is refused a listener on another's job", () => assertFails(firstSnapshot(doc(bob, "jobs/job-a"))));
  });

  describe("a caller without an identity", () => {
    it("is refused a job", () => assertFails(getDoc(doc(nobody, "jobs/job-a"))));
    it("is refused a list of jobs", () => assertFails(getDocs(collection(nobody, "jobs"))));
    it("is refused jobs that have no owner", () =>
      assertFails(getDocs(query(collection(nobody, "jobs"), where("owner", "==", null)))));
    it("is refused a job whose owner is null", () => assertFails(getDoc(doc(nobody, "jobs/job-of-null"))));
    it("is refused a job whose owner is empty, with an empty uid", async () => {
      assert.equal(await statusOfRead("jobs/job-a", "ada"), 200);
      assert.equal(await statusOfRead("jobs/job-of-empty", ""), 403);
    });
    it("is refused a job without an owner field", () => assertFails(getDoc(doc(bob, "jobs/job-of-nobody"))));
  });

  describe("an admin", () => {
    it("gets anybody's job", () => assertSucceeds(getDoc(doc(admin, "jobs/job-a"))));
    it("lists all jobs", () => assertSucceeds(getDocs(collection(admin, "jobs"))));
    it("lists all results", () => assertSucceeds(getDocs(collection(admin, "results"))));
    it("is refused all deliveries", () => assertFails(getDocs(collection(admin, "deliveries"))));
    it("gets a dead letter that has no owner", () =>
      assertSucceeds(getDoc(doc(admin, "deadLetters/letter-of-nobody"))));
    it("lists all dead letters", () => assertSucceeds(getDocs(collection(admin, "deadLetters"))));
    it("is refused deleting a dead letter", () => assertFails(deleteDoc(doc(admin, "deadLetters/letter-a"))));
    it("is refused another's endpoint, whose URL may carry credentials", () =>
      assertFails(getDoc(doc(admin, "endpoints/endpoint-a"))));
    for (const path of [
      "deliveries/delivery-a",
      "deliveries/delivery-a/attempts/1",
      "notices/notice-a",
      "recoveries/recovery-a",
    ]) {
      it(`is refused another's ${path}`, () => assertFails(getDoc(doc(admin, path))));
    }
    it("is refused secrets", () => assertFails(getDoc(doc(admin, "endpoints/endpoint-a/secrets/secret-1"))));
    it("is refused writing a job", () => assertFails(updateDoc(doc(admin, "jobs/job-a"), { status: "completed" })));
    it("is refused deleting a job", () => assertFails(deleteDoc(doc(admin, "jobs/job-a"))));
    for (const batonRole of [true, ["admin"], { admin: true }, "Admin", "administrator", 1]) {
      it(`is not made by the claim batonRole ${JSON.stringify(batonRole)}`, () =>
        assertFails(getDoc(doc(claiming("mallory", { batonRole }), "jobs/job-a"))));
    }
    it("is not made by the claim role admin, which is the team's own", () =>
      assertFails(getDoc(doc(claiming("mallory", { role: "admin" }), "jobs/job-a"))));
    it("is not made by a claim admin true", () =>
      assertFails(getDoc(doc(claiming("mallory", { admin: true }), "jobs/job-a"))));
    it("is not made by a claim admin that is the text true", () =>
      assertFails(getDoc(doc(claiming("mallory", { admin: "true", batonRole: "true" }), "jobs/job-a"))));
  });

  describe("a user of an Identity Platform tenant", () => {
    const firebase = { sign_in_provider: "password", identities: {}, tenant: "acme-1" };
    const inTenant = (uid: string, claims = {}) => claiming(uid, { firebase, ...claims });
    const withTenants = (file: string) => file.replace(/return \[\];/, "return ['acme-1'];");
    let listing: RulesTestEnvironment;
    before(async () => {
      const { hostname, port } = new URL(`http://${testCloud().firestoreHost}`);
      const rules = withTenants(await readFile("firestore.rules", "utf8"));
      const projectId = `demo-rules-${randomUUID().slice(0, 8)}`;
      listing = await initializeTestEnvironment({
        projectId,
        firestore: { host: hostname, port: Number(port), rules },
      });
      await listing.withSecurityRulesDisabled((context) => seed(context.firestore()));
    });
    after(() => listing.cleanup());
    const listed = (uid: string, claims: Record<string, unknown> = { firebase }) =>
      listing.authenticatedContext(uid, claims).firestore();

    it("is refused everything where the tenant is not listed, an admin too", async () => {
      await assertFails(getDoc(doc(inTenant("ada"), "jobs/job-a")));
      await assertFails(getDoc(doc(inTenant("ann"), "jobs/job-of-tenant")));
      await assertFails(getDoc(doc(inTenant("root", { batonRole: "admin" }), "jobs/job-a")));
    });
    it("gets an own job where the tenant is listed", () =>
      assertSucceeds(getDoc(doc(listed("ann"), "jobs/job-of-tenant"))));
    it("is refused the job of the same uid outside the tenant", () =>
      assertFails(getDoc(doc(listed("ada"), "jobs/job-a"))));
    it("is not a user outside tenants whose uid looks like it", () =>
      assertFails(getDoc(doc(claiming("tenant:acme-1:ann", {}), "jobs/job-of-tenant"))));
    it("is not a user outside tenants, with a line end in the uid", async () =>
      assert.equal(await statusOfRead("jobs/job-of-odd", "tenant:\n"), 403));
  });

  describe("anybody", () => {
    it("is refused creating a job for themselves", () =>
      assertFails(setDoc(doc(ada, "jobs/forged"), { owner: "ada", status: "queued" })));
    it("is refused creating a job for another", () =>
      assertFails(addDoc(collection(bob, "jobs"), { owner: "ada", status: "completed" })));
    it("is refused changing an own job", () => assertFails(updateDoc(doc(ada, "jobs/job-a"), { progress: 1 })));
    it("is refused asking for a cancel by hand", () =>
      assertFails(updateDoc(doc(ada, "jobs/job-a"), { cancelRequested: true })));
    it("is refused taking over another's job", () => assertFails(updateDoc(doc(bob, "jobs/job-a"), { owner: "bob" })));
    it("is refused replacing another's job by one of their own", () =>
      assertFails(setDoc(doc(bob, "jobs/job-a"), { owner: "bob" })));
    it("is refused giving an own job away", () => assertFails(updateDoc(doc(ada, "jobs/job-a"), { owner: "bob" })));
    it("is refused deleting an own job", () => assertFails(deleteDoc(doc(ada, "jobs/job-a"))));
    it("is refused writing an own result", () =>
      assertFails(setDoc(doc(ada, "results/job-a"), { owner: "ada", status: "completed" })));
    it("is refused an own endpoint, whose address no function judged", () =>
      assertFails(setDoc(doc(ada, "endpoints/mine"), { owner: "ada", url: "http://127.0.0.1/", disabled: false })));
    it("is refused pointing an own endpoint elsewhere", () =>
      assertFails(updateDoc(doc(ada, "endpoints/endpoint-a"), { url: "http://127.0.0.1/" })));
    for (const path of ["deliveries/delivery-a/attempts/1", "notices/notice-a", "recoveries/recovery-a"]) {
      it(`is refused changing an own ${path}`, () => assertFails(updateDoc(doc(ada, path), { kind: "mine" })));
      it(`is refused deleting an own ${path}`, () => assertFails(deleteDoc(doc(ada, path))));
    }
    it("is refused asking for a recovery by hand", () =>
      assertFails(setDoc(doc(ada, "recoveries/mine"), { owner: "ada", endpointId: "endpoint-a", state: "running" })));
    it("is refused enabling an own endpoint by hand", () =>
      assertFails(updateDoc(doc(ada, "endpoints/endpoint-a"), { disabled: null })));
    it("is refused writing an own secret", () =>
      assertFails(setDoc(doc(ada, "endpoints/endpoint-a/secrets/mine"), { owner: "ada", secret: "whsec_AAAA" })));
    it("is refused writing a delivery", () =>
      assertFails(updateDoc(doc(ada, "deliveries/delivery-a"), { state: "succeeded" })));
    it("is refused a batch that hides a write among others", () => {
      const batch = writeBatch(ada);
      batch.set(doc(ada, "notes/one"), { owner: "ada" });
      batch.update(doc(ada, "jobs/job-a"), { progress: 1 });
      return assertFails(batch.commit());
    });
    it("is refused a transaction that reads an own job and writes it", () =>
      assertFails(
        runTransaction(ada, async (transaction) => {
          await transaction.get(doc(ada, "jobs/job-a"));
          transaction.update(doc(ada, "jobs/job-a"), { status: "cancelled" });
        }),
      ));
  });

  describe("what no client reads", () => {
    it("is the input of an own job", () => assertFails(getDoc(doc(ada, "jobs/job-a/payloads/input"))));
    it("is the webhook URL of an own job", () => assertFails(getDoc(doc(ada, "jobs/job-a/payloads/webhook"))));
    it("is the webhook URL of another's job, for an admin", () =>
      assertFails(getDoc(doc(admin, "jobs/job-a/payloads/webhook"))));
    it("is the steps of an own job", () => assertFails(getDocs(collection(ada, "jobs/job-a/steps"))));
    it("is the secrets of an own endpoint", () =>
      assertFails(getDoc(doc(ada, "endpoints/endpoint-a/secrets/secret-1"))));
    it("is the custom headers of an own endpoint", () =>
      assertFails(getDoc(doc(ada, "endpoints/endpoint-a/secrets/headers"))));
    it("is own attempts by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "attempts"), where("owner", "==", "ada")))));
    it("is the list of secrets of an own endpoint", () =>
      assertFails(getDocs(collection(ada, "endpoints/endpoint-a/secrets"))));
    it("is all secrets by their collection group", () => assertFails(getDocs(collectionGroup(ada, "secrets"))));
    it("is own secrets by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "secrets"), where("owner", "==", "ada")))));
    it("is own jobs by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "jobs"), where("owner", "==", "ada")))));
    it("is all jobs by their collection group, for an admin", () =>
      assertFails(getDocs(collectionGroup(admin, "jobs"))));
    it("is payloads by their collection group, for an admin", () =>
      assertFails(getDocs(collectionGroup(admin, "payloads"))));
    for (const path of [
      "usage/ada",
      "lanes/ada",
      "cache/some-hash",
      "erasures/ada",
      "paces/endpoint-a",
      "youtubeUnits/2026-11-27-0",
      "webhookSecrets/some-hash",
      "youtubeVideos/dQw4w9WgXcQ",
      "mail/message-a",
      "apiKeys/some-hash",
      "anything/else",
    ]) {
      it(`is ${path}`, () => assertFails(getDoc(doc(ada, path))));
      it(`is ${path}, for an admin`, () => assertFails(getDoc(doc(admin, path))));
    }
    for (const own of ["usage", "lanes", "erasures", "paces", "mail"]) {
      it(`is the list of own ${own}`, () =>
        assertFails(getDocs(query(collection(ada, own), where("owner", "==", "ada")))));
      it(`is written by no owner in ${own}`, () => assertFails(setDoc(doc(ada, `${own}/ada`), { owner: "ada" })));
    }
  });

  /** HTTP status of a read with a token of `uid`, made by hand: the SDK makes none for an empty uid. */
  async function statusOfRead(path: string, uid: string): Promise<number> {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const { projectId } = env;
    const claims = { iss: `https://securetoken.google.com/${projectId}`, aud: projectId, sub: uid, user_id: uid };
    const token = `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
    const url = `http://${testCloud().firestoreHost}/v1/projects/${projectId}/databases/(default)/documents/${path}`;
    return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
  }

  function claiming(uid: string, claims: Record<string, unknown>): Store {
    return env.authenticatedContext(uid, claims).firestore();
  }
});

async function seed(store: Store): Promise<void> {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const documents: Record<string, Record<string, unknown>> = {
    "jobs/job-a": { owner: "ada", status: "queued", createdAt },
    "jobs/job-b": { owner: "bob", status: "queued", createdAt },
    "jobs/job-of-tenant": { owner: "tenant:acme-1:ann", status: "queued", createdAt },
    "jobs/job-of-odd": { owner: "tenant:\n", status: "queued", createdAt },
    "jobs/job-of-null": { owner: null, status: "queued", createdAt },
    "jobs/job-of-empty": { owner: "", status: "queued", createdAt },
    "jobs/job-of-nobody": { status: "queued", createdAt },
    "jobs/job-a/payloads/input": { owner: "ada", input: {} },
    "jobs/job-a/payloads/webhook": { owner: "ada", url: "https://example.com/?token=t" },
    "jobs/job-a/steps/one": { owner: "ada", output: 1 },
    "results/job-a": { owner: "ada", status: "completed", createdAt },
    "deliveries/delivery-a": { owner: "ada", state: "failed", createdAt },
    "deliveries/delivery-a/attempts/1": { owner: "ada", number: 1, deliveryId: "delivery-a" },
    "notices/notice-a": { owner: "ada", kind: "failing", createdAt },
    "recoveries/recovery-a": { owner: "ada", state: "running", createdAt },
    "deadLetters/letter-a": { owner: "ada", kind: "undeliverable", receivedAt: createdAt },
    "deadLetters/letter-of-nobody": { kind: "unreadable", receivedAt: createdAt },
    "endpoints/endpoint-a": { owner: "ada", url: "https://example.com/hook", disabled: false, createdAt },
    "endpoints/endpoint-a/secrets/secret-1": { owner: "ada", sealed: { box: "AAAA" }, createdAt },
    "endpoints/endpoint-a/secrets/headers": { owner: "ada", sealed: { box: "AAAA" } },
    "paces/endpoint-a": { owner: "ada" },
    "mail/message-a": { owner: "ada", toUids: ["ada"] },
    "usage/ada": { owner: "ada", jobs: 1 },
    "erasures/ada": { owner: "ada" },
    "lanes/ada": { owner: "ada" },
    "cache/some-hash": { owner: "ada" },
    "apiKeys/some-hash": { owner: "ada" },
  };
  await Promise.all(Object.entries(documents).map(([path, fields]) => setDoc(doc(store, path), fields)));
}

/** Resolves with the first snapshot of a listener, rejects when the rules refuse it. */
function firstSnapshot(target: ReturnType<typeof query> | ReturnType<typeof doc>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = target.type === "document" ? onSnapshot(target, settle, reject) : onSnapshot(target, settle, reject);
    function settle(snapshot: unknown): void {
      resolve(snapshot);
      queueMicrotask(() => stop());
    }
  });
}
