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
    it("gets an own job", () => assertSucceeds(getDoc(doc(ada, "batonJobs/job-a"))));
    it("gets an own result", () => assertSucceeds(getDoc(doc(ada, "batonResults/job-a"))));
    it("gets an own delivery", () => assertSucceeds(getDoc(doc(ada, "batonDeliveries/delivery-a"))));
    it("gets an own delivery's attempt", () =>
      assertSucceeds(getDoc(doc(ada, "batonDeliveries/delivery-a/batonAttempts/1"))));
    it("lists an own delivery's attempts", () =>
      assertSucceeds(
        getDocs(
          query(
            collection(ada, "batonDeliveries/delivery-a/batonAttempts"),
            where("owner", "==", "ada"),
            orderBy("number"),
          ),
        ),
      ));
    it("gets an own alert", () => assertSucceeds(getDoc(doc(ada, "batonAlerts/alert-a"))));
    it("gets an own recovery", () => assertSucceeds(getDoc(doc(ada, "batonRecoveries/recovery-a"))));
    for (const own of ["batonAlerts", "batonRecoveries"]) {
      it(`lists own ${own}, newest first`, () =>
        assertSucceeds(
          getDocs(query(collection(ada, own), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(20))),
        ));
    }
    it("listens to an own recovery", () => assertSucceeds(firstSnapshot(doc(ada, "batonRecoveries/recovery-a"))));
    it("gets an own dead letter", () => assertSucceeds(getDoc(doc(ada, "batonDeadLetters/letter-a"))));
    it("gets an own endpoint", () => assertSucceeds(getDoc(doc(ada, "batonEndpoints/endpoint-a"))));
    it("lists own jobs, newest first, as the console does", () =>
      assertSucceeds(
        getDocs(
          query(collection(ada, "batonJobs"), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(50)),
        ),
      ));
    it("lists own jobs of one status", () =>
      assertSucceeds(
        getDocs(query(collection(ada, "batonJobs"), where("owner", "==", "ada"), where("status", "==", "queued"))),
      ));
    it("counts own jobs", () =>
      assertSucceeds(getCountFromServer(query(collection(ada, "batonJobs"), where("owner", "==", "ada")))));
    it("lists own results", () =>
      assertSucceeds(getDocs(query(collection(ada, "batonResults"), where("owner", "==", "ada")))));
    it("lists own deliveries", () =>
      assertSucceeds(getDocs(query(collection(ada, "batonDeliveries"), where("owner", "==", "ada")))));
    it("lists own dead letters, newest first", () =>
      assertSucceeds(
        getDocs(query(collection(ada, "batonDeadLetters"), where("owner", "==", "ada"), orderBy("receivedAt", "desc"))),
      ));
    it("lists own endpoints", () =>
      assertSucceeds(getDocs(query(collection(ada, "batonEndpoints"), where("owner", "==", "ada")))));
    it("listens to own jobs", () =>
      assertSucceeds(firstSnapshot(query(collection(ada, "batonJobs"), where("owner", "==", "ada")))));
  });

  describe("somebody else", () => {
    it("is refused a job by its id", () => assertFails(getDoc(doc(bob, "batonJobs/job-a"))));
    it("is refused a result by its id", () => assertFails(getDoc(doc(bob, "batonResults/job-a"))));
    it("is refused a delivery by its id", () => assertFails(getDoc(doc(bob, "batonDeliveries/delivery-a"))));
    for (const path of [
      "batonDeliveries/delivery-a/batonAttempts/1",
      "batonAlerts/alert-a",
      "batonRecoveries/recovery-a",
    ]) {
      it(`is refused ${path} by its id`, () => assertFails(getDoc(doc(bob, path))));
    }
    for (const name of [
      "batonDeliveries",
      "batonDeliveries/delivery-a/batonAttempts",
      "batonAlerts",
      "batonRecoveries",
    ]) {
      it(`is refused all ${name}`, () => assertFails(getDocs(collection(bob, name))));
      it(`is refused another owner's ${name}`, () =>
        assertFails(getDocs(query(collection(bob, name), where("owner", "==", "ada")))));
    }
    it("is refused the attempts of an endpoint whose id they know", () =>
      assertFails(getDocs(query(collectionGroup(bob, "batonAttempts"), where("deliveryId", "==", "delivery-a")))));
    it("is refused another's deliveries by an endpoint's id", () =>
      assertFails(getDocs(query(collection(bob, "batonDeliveries"), where("endpointId", "==", "endpoint-a")))));
    it("is refused a dead letter by its id", () => assertFails(getDoc(doc(bob, "batonDeadLetters/letter-a"))));
    it("is refused a dead letter that has no owner", () =>
      assertFails(getDoc(doc(bob, "batonDeadLetters/letter-of-nobody"))));
    it("is refused all dead letters", () => assertFails(getDocs(collection(bob, "batonDeadLetters"))));
    it("is refused an endpoint by its id", () => assertFails(getDoc(doc(bob, "batonEndpoints/endpoint-a"))));
    it("cannot tell a job that does not exist from one that is not theirs", () =>
      assertFails(getDoc(doc(bob, "batonJobs/no-such-job"))));
    it("is refused a list without an owner", () => assertFails(getDocs(collection(bob, "batonJobs"))));
    it("is refused a list of one job without an owner", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), limit(1)))));
    it("is refused a list of another owner's jobs", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), where("owner", "==", "ada")))));
    it("is refused a list of own and another's jobs by `in`", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), where("owner", "in", ["bob", "ada"])))));
    it("is refused a list of own and another's jobs by `or`", () =>
      assertFails(
        getDocs(query(collection(bob, "batonJobs"), or(where("owner", "==", "bob"), where("owner", "==", "ada")))),
      ));
    it("is refused a list of all owners but one", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), where("owner", "!=", "bob")))));
    it("is refused a range of owners that holds their own", () =>
      assertFails(
        getDocs(query(collection(bob, "batonJobs"), where("owner", ">=", "a"), where("owner", "<=", "bob"))),
      ));
    it("is refused a list ordered by owner that starts at their own", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), orderBy("owner"), startAt("bob"), limit(1)))));
    it("is refused a list by document id", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), where(documentId(), "==", "job-a")))));
    it("is refused a list by a field that names another owner's job", () =>
      assertFails(getDocs(query(collection(bob, "batonJobs"), where("status", "==", "queued")))));
    it("is refused a count of all jobs", () => assertFails(getCountFromServer(collection(bob, "batonJobs"))));
    it("is refused a count of another owner's jobs", () =>
      assertFails(getCountFromServer(query(collection(bob, "batonJobs"), where("owner", "==", "ada")))));
    it("is refused all results", () => assertFails(getDocs(collection(bob, "batonResults"))));
    it("is refused all endpoints", () => assertFails(getDocs(collection(bob, "batonEndpoints"))));
    it("is refused a listener on another's job", () => assertFails(firstSnapshot(doc(bob, "batonJobs/job-a"))));
  });

  describe("a caller without an identity", () => {
    it("is refused a job", () => assertFails(getDoc(doc(nobody, "batonJobs/job-a"))));
    it("is refused a list of jobs", () => assertFails(getDocs(collection(nobody, "batonJobs"))));
    it("is refused jobs that have no owner", () =>
      assertFails(getDocs(query(collection(nobody, "batonJobs"), where("owner", "==", null)))));
    it("is refused a job whose owner is null", () => assertFails(getDoc(doc(nobody, "batonJobs/job-of-null"))));
    it("is refused a job whose owner is empty, with an empty uid", async () => {
      assert.equal(await statusOfRead("batonJobs/job-a", "ada"), 200);
      assert.equal(await statusOfRead("batonJobs/job-of-empty", ""), 403);
    });
    it("is refused a job without an owner field", () => assertFails(getDoc(doc(bob, "batonJobs/job-of-nobody"))));
  });

  describe("an admin", () => {
    it("gets anybody's job", () => assertSucceeds(getDoc(doc(admin, "batonJobs/job-a"))));
    it("lists all jobs", () => assertSucceeds(getDocs(collection(admin, "batonJobs"))));
    it("lists all results", () => assertSucceeds(getDocs(collection(admin, "batonResults"))));
    it("is refused all deliveries", () => assertFails(getDocs(collection(admin, "batonDeliveries"))));
    it("gets a dead letter that has no owner", () =>
      assertSucceeds(getDoc(doc(admin, "batonDeadLetters/letter-of-nobody"))));
    it("lists all dead letters", () => assertSucceeds(getDocs(collection(admin, "batonDeadLetters"))));
    it("is refused deleting a dead letter", () => assertFails(deleteDoc(doc(admin, "batonDeadLetters/letter-a"))));
    it("is refused another's endpoint, whose URL may carry credentials", () =>
      assertFails(getDoc(doc(admin, "batonEndpoints/endpoint-a"))));
    for (const path of [
      "batonDeliveries/delivery-a",
      "batonDeliveries/delivery-a/batonAttempts/1",
      "batonAlerts/alert-a",
      "batonRecoveries/recovery-a",
    ]) {
      it(`is refused another's ${path}`, () => assertFails(getDoc(doc(admin, path))));
    }
    it("is refused secrets", () => assertFails(getDoc(doc(admin, "batonEndpoints/endpoint-a/batonSecrets/secret-1"))));
    it("is refused writing a job", () =>
      assertFails(updateDoc(doc(admin, "batonJobs/job-a"), { status: "completed" })));
    it("is refused deleting a job", () => assertFails(deleteDoc(doc(admin, "batonJobs/job-a"))));
    for (const batonRole of [true, ["admin"], { admin: true }, "Admin", "administrator", 1]) {
      it(`is not made by the claim batonRole ${JSON.stringify(batonRole)}`, () =>
        assertFails(getDoc(doc(claiming("mallory", { batonRole }), "batonJobs/job-a"))));
    }
    it("is not made by the claim role admin, which is the team's own", () =>
      assertFails(getDoc(doc(claiming("mallory", { role: "admin" }), "batonJobs/job-a"))));
    it("is not made by a claim admin true", () =>
      assertFails(getDoc(doc(claiming("mallory", { admin: true }), "batonJobs/job-a"))));
    it("is not made by a claim admin that is the text true", () =>
      assertFails(getDoc(doc(claiming("mallory", { admin: "true", batonRole: "true" }), "batonJobs/job-a"))));
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
      await assertFails(getDoc(doc(inTenant("ada"), "batonJobs/job-a")));
      await assertFails(getDoc(doc(inTenant("ann"), "batonJobs/job-of-tenant")));
      await assertFails(getDoc(doc(inTenant("root", { batonRole: "admin" }), "batonJobs/job-a")));
    });
    it("gets an own job where the tenant is listed", () =>
      assertSucceeds(getDoc(doc(listed("ann"), "batonJobs/job-of-tenant"))));
    it("is refused the job of the same uid outside the tenant", () =>
      assertFails(getDoc(doc(listed("ada"), "batonJobs/job-a"))));
    it("is not a user outside tenants whose uid looks like it", () =>
      assertFails(getDoc(doc(claiming("tenant:acme-1:ann", {}), "batonJobs/job-of-tenant"))));
    it("is not a user outside tenants, with a line end in the uid", async () =>
      assert.equal(await statusOfRead("batonJobs/job-of-odd", "tenant:\n"), 403));
  });

  describe("anybody", () => {
    it("is refused creating a job for themselves", () =>
      assertFails(setDoc(doc(ada, "batonJobs/forged"), { owner: "ada", status: "queued" })));
    it("is refused creating a job for another", () =>
      assertFails(addDoc(collection(bob, "batonJobs"), { owner: "ada", status: "completed" })));
    it("is refused changing an own job", () => assertFails(updateDoc(doc(ada, "batonJobs/job-a"), { progress: 1 })));
    it("is refused asking for a cancel by hand", () =>
      assertFails(updateDoc(doc(ada, "batonJobs/job-a"), { cancelRequested: true })));
    it("is refused taking over another's job", () =>
      assertFails(updateDoc(doc(bob, "batonJobs/job-a"), { owner: "bob" })));
    it("is refused replacing another's job by one of their own", () =>
      assertFails(setDoc(doc(bob, "batonJobs/job-a"), { owner: "bob" })));
    it("is refused giving an own job away", () =>
      assertFails(updateDoc(doc(ada, "batonJobs/job-a"), { owner: "bob" })));
    it("is refused deleting an own job", () => assertFails(deleteDoc(doc(ada, "batonJobs/job-a"))));
    it("is refused writing an own result", () =>
      assertFails(setDoc(doc(ada, "batonResults/job-a"), { owner: "ada", status: "completed" })));
    it("is refused an own endpoint, whose address no function judged", () =>
      assertFails(
        setDoc(doc(ada, "batonEndpoints/mine"), { owner: "ada", url: "http://127.0.0.1/", disabled: false }),
      ));
    it("is refused pointing an own endpoint elsewhere", () =>
      assertFails(updateDoc(doc(ada, "batonEndpoints/endpoint-a"), { url: "http://127.0.0.1/" })));
    for (const path of [
      "batonDeliveries/delivery-a/batonAttempts/1",
      "batonAlerts/alert-a",
      "batonRecoveries/recovery-a",
    ]) {
      it(`is refused changing an own ${path}`, () => assertFails(updateDoc(doc(ada, path), { kind: "mine" })));
      it(`is refused deleting an own ${path}`, () => assertFails(deleteDoc(doc(ada, path))));
    }
    it("is refused asking for a recovery by hand", () =>
      assertFails(
        setDoc(doc(ada, "batonRecoveries/mine"), { owner: "ada", endpointId: "endpoint-a", state: "running" }),
      ));
    it("is refused enabling an own endpoint by hand", () =>
      assertFails(updateDoc(doc(ada, "batonEndpoints/endpoint-a"), { disabled: null })));
    it("is refused writing an own secret", () =>
      assertFails(
        setDoc(doc(ada, "batonEndpoints/endpoint-a/batonSecrets/mine"), { owner: "ada", secret: "whsec_AAAA" }),
      ));
    it("is refused writing a delivery", () =>
      assertFails(updateDoc(doc(ada, "batonDeliveries/delivery-a"), { state: "succeeded" })));
    it("is refused a batch that hides a write among others", () => {
      const batch = writeBatch(ada);
      batch.set(doc(ada, "notes/one"), { owner: "ada" });
      batch.update(doc(ada, "batonJobs/job-a"), { progress: 1 });
      return assertFails(batch.commit());
    });
    it("is refused a transaction that reads an own job and writes it", () =>
      assertFails(
        runTransaction(ada, async (transaction) => {
          await transaction.get(doc(ada, "batonJobs/job-a"));
          transaction.update(doc(ada, "batonJobs/job-a"), { status: "cancelled" });
        }),
      ));
  });

  describe("what no client reads", () => {
    it("is the input of an own job", () => assertFails(getDoc(doc(ada, "batonJobs/job-a/batonPayloads/input"))));
    it("is the webhook URL of an own job", () =>
      assertFails(getDoc(doc(ada, "batonJobs/job-a/batonPayloads/webhook"))));
    it("is the webhook URL of another's job, for an admin", () =>
      assertFails(getDoc(doc(admin, "batonJobs/job-a/batonPayloads/webhook"))));
    it("is the steps of an own job", () => assertFails(getDocs(collection(ada, "batonJobs/job-a/batonSteps"))));
    it("is the secrets of an own endpoint", () =>
      assertFails(getDoc(doc(ada, "batonEndpoints/endpoint-a/batonSecrets/secret-1"))));
    it("is the custom headers of an own endpoint", () =>
      assertFails(getDoc(doc(ada, "batonEndpoints/endpoint-a/batonSecrets/headers"))));
    it("is own attempts by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "batonAttempts"), where("owner", "==", "ada")))));
    it("is the list of secrets of an own endpoint", () =>
      assertFails(getDocs(collection(ada, "batonEndpoints/endpoint-a/batonSecrets"))));
    it("is all secrets by their collection group", () => assertFails(getDocs(collectionGroup(ada, "batonSecrets"))));
    it("is own secrets by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "batonSecrets"), where("owner", "==", "ada")))));
    it("is own jobs by their collection group", () =>
      assertFails(getDocs(query(collectionGroup(ada, "batonJobs"), where("owner", "==", "ada")))));
    it("is all jobs by their collection group, for an admin", () =>
      assertFails(getDocs(collectionGroup(admin, "batonJobs"))));
    it("is payloads by their collection group, for an admin", () =>
      assertFails(getDocs(collectionGroup(admin, "batonPayloads"))));
    for (const path of [
      "batonUsage/ada",
      "batonLanes/ada",
      "batonCache/some-hash",
      "batonErasures/ada",
      "batonRateLimits/endpoint-a",
      "youtubeUnits/2026-11-27-0",
      "batonOwnerSecrets/some-hash",
      "youtubeVideos/dQw4w9WgXcQ",
      "companyProfiles/example.com",
      "scrapeHosts/example.com",
      "mail/message-a",
      "batonApiKeys/some-hash",
      "anything/else",
    ]) {
      it(`is ${path}`, () => assertFails(getDoc(doc(ada, path))));
      it(`is ${path}, for an admin`, () => assertFails(getDoc(doc(admin, path))));
    }
    for (const own of ["batonUsage", "batonLanes", "batonErasures", "batonRateLimits", "mail"]) {
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
    "batonJobs/job-a": { owner: "ada", status: "queued", createdAt },
    "batonJobs/job-b": { owner: "bob", status: "queued", createdAt },
    "batonJobs/job-of-tenant": { owner: "tenant:acme-1:ann", status: "queued", createdAt },
    "batonJobs/job-of-odd": { owner: "tenant:\n", status: "queued", createdAt },
    "batonJobs/job-of-null": { owner: null, status: "queued", createdAt },
    "batonJobs/job-of-empty": { owner: "", status: "queued", createdAt },
    "batonJobs/job-of-nobody": { status: "queued", createdAt },
    "batonJobs/job-a/batonPayloads/input": { owner: "ada", input: {} },
    "batonJobs/job-a/batonPayloads/webhook": { owner: "ada", url: "https://example.com/?token=t" },
    "batonJobs/job-a/batonSteps/one": { owner: "ada", output: 1 },
    "batonResults/job-a": { owner: "ada", status: "completed", createdAt },
    "batonDeliveries/delivery-a": { owner: "ada", state: "failed", createdAt },
    "batonDeliveries/delivery-a/batonAttempts/1": { owner: "ada", number: 1, deliveryId: "delivery-a" },
    "batonAlerts/alert-a": { owner: "ada", kind: "failing", createdAt },
    "batonRecoveries/recovery-a": { owner: "ada", state: "running", createdAt },
    "batonDeadLetters/letter-a": { owner: "ada", kind: "undeliverable", receivedAt: createdAt },
    "batonDeadLetters/letter-of-nobody": { kind: "unreadable", receivedAt: createdAt },
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
function firstSnapshot(target: ReturnType<typeof query> | ReturnType<typeof doc>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = target.type === "document" ? onSnapshot(target, settle, reject) : onSnapshot(target, settle, reject);
    function settle(snapshot: unknown): void {
      resolve(snapshot);
      queueMicrotask(() => stop());
    }
  });
}
