import { assertSucceeds } from "@firebase/rules-unit-testing";
import { collection, doc, getCountFromServer, getDoc, getDocs, limit, orderBy, query, where } from "firebase/firestore";
import { firstSnapshot, useRules } from "../support/rules-users.ts";

describe("firestore.rules: an owner", () => {
  const { ada } = useRules();

  it("gets an own job", () => assertSucceeds(getDoc(doc(ada(), "batonJobs/job-a"))));
  it("gets an own result", () => assertSucceeds(getDoc(doc(ada(), "batonResults/job-a"))));
  it("gets an own delivery", () => assertSucceeds(getDoc(doc(ada(), "batonDeliveries/delivery-a"))));
  it("gets an own delivery's attempt", () =>
    assertSucceeds(getDoc(doc(ada(), "batonDeliveries/delivery-a/batonAttempts/1"))));
  it("lists an own delivery's attempts", () =>
    assertSucceeds(
      getDocs(
        query(
          collection(ada(), "batonDeliveries/delivery-a/batonAttempts"),
          where("owner", "==", "ada"),
          orderBy("number"),
        ),
      ),
    ));
  it("gets an own alert", () => assertSucceeds(getDoc(doc(ada(), "batonAlerts/alert-a"))));
  it("gets an own recovery", () => assertSucceeds(getDoc(doc(ada(), "batonRecoveries/recovery-a"))));
  for (const own of ["batonAlerts", "batonRecoveries"]) {
    it(`lists own ${own}, newest first`, () =>
      assertSucceeds(
        getDocs(query(collection(ada(), own), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(20))),
      ));
  }
  it("listens to an own recovery", () => assertSucceeds(firstSnapshot(doc(ada(), "batonRecoveries/recovery-a"))));
  it("gets an own dead letter", () => assertSucceeds(getDoc(doc(ada(), "batonDeadLetters/letter-a"))));
  it("gets an own endpoint", () => assertSucceeds(getDoc(doc(ada(), "batonEndpoints/endpoint-a"))));
  it("lists own jobs, newest first, as the console does", () =>
    assertSucceeds(
      getDocs(
        query(collection(ada(), "batonJobs"), where("owner", "==", "ada"), orderBy("createdAt", "desc"), limit(50)),
      ),
    ));
  it("lists own jobs of one status", () =>
    assertSucceeds(
      getDocs(query(collection(ada(), "batonJobs"), where("owner", "==", "ada"), where("status", "==", "queued"))),
    ));
  it("counts own jobs", () =>
    assertSucceeds(getCountFromServer(query(collection(ada(), "batonJobs"), where("owner", "==", "ada")))));
  it("lists own results", () =>
    assertSucceeds(getDocs(query(collection(ada(), "batonResults"), where("owner", "==", "ada")))));
  it("lists own deliveries", () =>
    assertSucceeds(getDocs(query(collection(ada(), "batonDeliveries"), where("owner", "==", "ada")))));
  it("lists own dead letters, newest first", () =>
    assertSucceeds(
      getDocs(query(collection(ada(), "batonDeadLetters"), where("owner", "==", "ada"), orderBy("receivedAt", "desc"))),
    ));
  it("lists own endpoints", () =>
    assertSucceeds(getDocs(query(collection(ada(), "batonEndpoints"), where("owner", "==", "ada")))));
  it("listens to own jobs", () =>
    assertSucceeds(firstSnapshot(query(collection(ada(), "batonJobs"), where("owner", "==", "ada")))));
});
