import { assertFails, assertSucceeds } from "@firebase/rules-unit-testing";
import { collection, deleteDoc, doc, getDoc, getDocs, updateDoc } from "firebase/firestore";
import { useRules } from "../support/rules-users.ts";

describe("firestore.rules: an admin", () => {
  const { admin, claiming } = useRules();

  it("gets every owner's job", () => assertSucceeds(getDoc(doc(admin(), "batonJobs/job-a"))));
  it("lists all jobs", () => assertSucceeds(getDocs(collection(admin(), "batonJobs"))));
  it("lists all results", () => assertSucceeds(getDocs(collection(admin(), "batonResults"))));
  it("is refused all deliveries", () => assertFails(getDocs(collection(admin(), "batonDeliveries"))));
  it("gets a dead letter that has no owner", () =>
    assertSucceeds(getDoc(doc(admin(), "batonDeadLetters/letter-without-owner"))));
  it("lists all dead letters", () => assertSucceeds(getDocs(collection(admin(), "batonDeadLetters"))));
  it("is refused deleting a dead letter", () => assertFails(deleteDoc(doc(admin(), "batonDeadLetters/letter-a"))));
  it("is refused another's endpoint, whose URL may carry credentials", () =>
    assertFails(getDoc(doc(admin(), "batonEndpoints/endpoint-a"))));
  for (const path of [
    "batonDeliveries/delivery-a",
    "batonDeliveries/delivery-a/batonAttempts/1",
    "batonAlerts/alert-a",
    "batonRecoveries/recovery-a",
  ]) {
    it(`is refused another's ${path}`, () => assertFails(getDoc(doc(admin(), path))));
  }
  it("is refused secrets", () => assertFails(getDoc(doc(admin(), "batonEndpoints/endpoint-a/batonSecrets/secret-1"))));
  it("is refused writing a job", () =>
    assertFails(updateDoc(doc(admin(), "batonJobs/job-a"), { status: "completed" })));
  it("is refused deleting a job", () => assertFails(deleteDoc(doc(admin(), "batonJobs/job-a"))));
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
