import { assertFails } from "@firebase/rules-unit-testing";
import { addDoc, collection, deleteDoc, doc, runTransaction, setDoc, updateDoc, writeBatch } from "firebase/firestore";
import { useRules } from "../support/rules-users.ts";

describe("firestore.rules: every user", () => {
  const { ada, bob } = useRules();

  it("is refused creating a job for themselves", () =>
    assertFails(setDoc(doc(ada(), "batonJobs/forged"), { owner: "ada", status: "queued" })));
  it("is refused creating a job for another", () =>
    assertFails(addDoc(collection(bob(), "batonJobs"), { owner: "ada", status: "completed" })));
  it("is refused changing an own job", () => assertFails(updateDoc(doc(ada(), "batonJobs/job-a"), { progress: 1 })));
  it("is refused asking for a cancel by hand", () =>
    assertFails(updateDoc(doc(ada(), "batonJobs/job-a"), { cancelRequested: true })));
  it("is refused taking over another's job", () =>
    assertFails(updateDoc(doc(bob(), "batonJobs/job-a"), { owner: "bob" })));
  it("is refused replacing another's job by one of their own", () =>
    assertFails(setDoc(doc(bob(), "batonJobs/job-a"), { owner: "bob" })));
  it("is refused giving an own job away", () =>
    assertFails(updateDoc(doc(ada(), "batonJobs/job-a"), { owner: "bob" })));
  it("is refused deleting an own job", () => assertFails(deleteDoc(doc(ada(), "batonJobs/job-a"))));
  it("is refused writing an own result", () =>
    assertFails(setDoc(doc(ada(), "batonResults/job-a"), { owner: "ada", status: "completed" })));
  it("is refused an own endpoint, whose address no function judged", () =>
    assertFails(
      setDoc(doc(ada(), "batonEndpoints/mine"), { owner: "ada", url: "http://127.0.0.1/", disabled: false }),
    ));
  it("is refused pointing an own endpoint elsewhere", () =>
    assertFails(updateDoc(doc(ada(), "batonEndpoints/endpoint-a"), { url: "http://127.0.0.1/" })));
  for (const path of [
    "batonDeliveries/delivery-a/batonAttempts/1",
    "batonAlerts/alert-a",
    "batonRecoveries/recovery-a",
  ]) {
    it(`is refused changing an own ${path}`, () => assertFails(updateDoc(doc(ada(), path), { kind: "mine" })));
    it(`is refused deleting an own ${path}`, () => assertFails(deleteDoc(doc(ada(), path))));
  }
  it("is refused asking for a recovery by hand", () =>
    assertFails(
      setDoc(doc(ada(), "batonRecoveries/mine"), { owner: "ada", endpointId: "endpoint-a", state: "running" }),
    ));
  it("is refused enabling an own endpoint by hand", () =>
    assertFails(updateDoc(doc(ada(), "batonEndpoints/endpoint-a"), { disabled: null })));
  it("is refused writing an own secret", () =>
    assertFails(
      setDoc(doc(ada(), "batonEndpoints/endpoint-a/batonSecrets/mine"), { owner: "ada", secret: "whsec_AAAA" }),
    ));
  it("is refused writing a delivery", () =>
    assertFails(updateDoc(doc(ada(), "batonDeliveries/delivery-a"), { state: "succeeded" })));
  it("is refused a batch that hides a write among others", () => {
    const batch = writeBatch(ada());
    batch.set(doc(ada(), "notes/one"), { owner: "ada" });
    batch.update(doc(ada(), "batonJobs/job-a"), { progress: 1 });
    return assertFails(batch.commit());
  });
  it("is refused a transaction that reads an own job and writes it", () =>
    assertFails(
      runTransaction(ada(), async (transaction) => {
        await transaction.get(doc(ada(), "batonJobs/job-a"));
        transaction.update(doc(ada(), "batonJobs/job-a"), { status: "cancelled" });
      }),
    ));
});
