import assert from "node:assert/strict";
import { assertFails } from "@firebase/rules-unit-testing";
import {
  collection,
  collectionGroup,
  doc,
  documentId,
  getCountFromServer,
  getDoc,
  getDocs,
  limit,
  or,
  orderBy,
  query,
  startAt,
  where,
} from "firebase/firestore";
import { firstSnapshot, useRules } from "../support/rules-users.ts";

describe("firestore.rules: another user", () => {
  const { bob } = useRules();

  it("is refused a job by its id", () => assertFails(getDoc(doc(bob(), "batonJobs/job-a"))));
  it("is refused a result by its id", () => assertFails(getDoc(doc(bob(), "batonResults/job-a"))));
  it("is refused a delivery by its id", () => assertFails(getDoc(doc(bob(), "batonDeliveries/delivery-a"))));
  for (const path of [
    "batonDeliveries/delivery-a/batonAttempts/1",
    "batonAlerts/alert-a",
    "batonRecoveries/recovery-a",
  ]) {
    it(`is refused ${path} by its id`, () => assertFails(getDoc(doc(bob(), path))));
  }
  for (const name of [
    "batonDeliveries",
    "batonDeliveries/delivery-a/batonAttempts",
    "batonAlerts",
    "batonRecoveries",
  ]) {
    it(`is refused all ${name}`, () => assertFails(getDocs(collection(bob(), name))));
    it(`is refused another owner's ${name}`, () =>
      assertFails(getDocs(query(collection(bob(), name), where("owner", "==", "ada")))));
  }
  it("is refused the attempts of an endpoint whose id they know", () =>
    assertFails(getDocs(query(collectionGroup(bob(), "batonAttempts"), where("deliveryId", "==", "delivery-a")))));
  it("is refused another's deliveries by an endpoint's id", () =>
    assertFails(getDocs(query(collection(bob(), "batonDeliveries"), where("endpointId", "==", "endpoint-a")))));
  it("is refused a dead letter by its id", () => assertFails(getDoc(doc(bob(), "batonDeadLetters/letter-a"))));
  it("is refused a dead letter that has no owner", () =>
    assertFails(getDoc(doc(bob(), "batonDeadLetters/letter-without-owner"))));
  it("is refused all dead letters", () => assertFails(getDocs(collection(bob(), "batonDeadLetters"))));
  it("is refused an endpoint by its id", () => assertFails(getDoc(doc(bob(), "batonEndpoints/endpoint-a"))));
  it("cannot tell a job that does not exist from one that is not theirs", () =>
    assertFails(getDoc(doc(bob(), "batonJobs/no-such-job"))));
  it("is refused a list without an owner", () => assertFails(getDocs(collection(bob(), "batonJobs"))));
  it("is refused a list of one job without an owner", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), limit(1)))));
  it("is refused a list of another owner's jobs", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), where("owner", "==", "ada")))));
  it("is refused a list of own and another's jobs by `in`", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), where("owner", "in", ["bob", "ada"])))));
  it("is refused a list of own and another's jobs by `or`", () =>
    assertFails(
      getDocs(query(collection(bob(), "batonJobs"), or(where("owner", "==", "bob"), where("owner", "==", "ada")))),
    ));
  it("is refused a list of all owners but one", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), where("owner", "!=", "bob")))));
  it("is refused a range of owners that holds their own", () =>
    assertFails(
      getDocs(query(collection(bob(), "batonJobs"), where("owner", ">=", "a"), where("owner", "<=", "bob"))),
    ));
  it("is refused a list ordered by owner that starts at their own", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), orderBy("owner"), startAt("bob"), limit(1)))));
  it("is refused a list by document id", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), where(documentId(), "==", "job-a")))));
  it("is refused a list by a field that names another owner's job", () =>
    assertFails(getDocs(query(collection(bob(), "batonJobs"), where("status", "==", "queued")))));
  it("is refused a count of all jobs", () => assertFails(getCountFromServer(collection(bob(), "batonJobs"))));
  it("is refused a count of another owner's jobs", () =>
    assertFails(getCountFromServer(query(collection(bob(), "batonJobs"), where("owner", "==", "ada")))));
  it("is refused all results", () => assertFails(getDocs(collection(bob(), "batonResults"))));
  it("is refused all endpoints", () => assertFails(getDocs(collection(bob(), "batonEndpoints"))));
  it("is refused a listener on another's job", () => assertFails(firstSnapshot(doc(bob(), "batonJobs/job-a"))));
});

describe("firestore.rules: a caller without an identity", () => {
  const { bob, signedOut, statusOfRead } = useRules();

  it("is refused a job", () => assertFails(getDoc(doc(signedOut(), "batonJobs/job-a"))));
  it("is refused a list of jobs", () => assertFails(getDocs(collection(signedOut(), "batonJobs"))));
  it("is refused jobs that have no owner", () =>
    assertFails(getDocs(query(collection(signedOut(), "batonJobs"), where("owner", "==", null)))));
  it("is refused a job whose owner is null", () => assertFails(getDoc(doc(signedOut(), "batonJobs/job-of-null"))));
  it("is refused a job whose owner is empty, with an empty uid", async () => {
    assert.equal(await statusOfRead("batonJobs/job-a", "ada"), 200);
    assert.equal(await statusOfRead("batonJobs/job-of-empty", ""), 403);
  });
  it("is refused a job without an owner field", () => assertFails(getDoc(doc(bob(), "batonJobs/job-without-owner"))));
});
