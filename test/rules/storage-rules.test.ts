import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestEnvironment,
  type TokenOptions,
} from "@firebase/rules-unit-testing";
import { doc, getDoc, setDoc, setLogLevel } from "firebase/firestore";
import { testCloud } from "../support/cloud.ts";

/**
 * The rules as those of a Firestore, whose documents have the paths of the objects: language and rules engine are the
 * same, and the engine for Storage is a program that would have to be downloaded.
 */
function asFirestoreRules(rules: string): string {
  return `${rules.replace("service firebase.storage {", "service cloud.firestore { match /databases/{database}/documents {")}}`;
}

describe("storage.rules", () => {
  let env: RulesTestEnvironment;
  before(async () => {
    setLogLevel("silent");
    const { hostname, port } = new URL(`http://${testCloud().firestoreHost}`);
    const rules = asFirestoreRules(await readFile("storage.rules", "utf8"));
    const projectId = `demo-rules-${randomUUID().slice(0, 8)}`;
    env = await initializeTestEnvironment({ projectId, firestore: { host: hostname, port: Number(port), rules } });
  });
  after(async () => {
    await env.cleanup();
    setLogLevel("warn");
  });

  const pathOf = (owner: string, rest = "job/file/a.txt") => `b/bucket/o/batonFiles/${owner}/${rest}`;
  const ofTenant = { firebase: { sign_in_provider: "password", identities: {}, tenant: "T" } } as const;
  const objectOf = (uid: string, path: string, token?: TokenOptions) =>
    doc(env.authenticatedContext(uid, token).firestore(), path);

  it("let an owner read a file of a job, and an upload", async () => {
    await assertSucceeds(getDoc(objectOf("ada", pathOf("ada"))));
    await assertSucceeds(getDoc(objectOf("ada", pathOf("ada", "uploads/file/a.txt"))));
  });

  it("refuse every other reader, admins too", async () => {
    await assertFails(getDoc(objectOf("bob", pathOf("ada"))));
    await assertFails(getDoc(objectOf("root", pathOf("ada"), { batonRole: "admin" })));
    await assertFails(getDoc(doc(env.unauthenticatedContext().firestore(), pathOf("ada"))));
  });

  it("let no user of a tenant read a file of a user of the project, nor the other way", async () => {
    await assertFails(getDoc(objectOf("ada", pathOf("ada"), ofTenant)));
    await assertFails(getDoc(objectOf("tenant:T:ada", pathOf("tenant:T:ada"))));
    await assertFails(getDoc(objectOf("ada", pathOf("tenant:T:ada"), ofTenant)));
  });

  it("refuse every write, and every read of other files than Baton's", async () => {
    await assertFails(setDoc(objectOf("ada", pathOf("ada")), {}));
    for (const path of ["b/bucket/o/ada/a.txt", "b/bucket/o/batonFiles/ada/a.txt", pathOf("ada", "a/b/c/d/e")]) {
      await assertFails(getDoc(objectOf("ada", path.split("/").length % 2 ? `${path}/x` : path)));
    }
  });
});
