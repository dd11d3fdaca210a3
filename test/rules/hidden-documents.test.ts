import { assertFails } from "@firebase/rules-unit-testing";
import { collection, collectionGroup, doc, getDoc, getDocs, query, setDoc, where } from "firebase/firestore";
import { useRules } from "../support/rules-users.ts";

describe("firestore.rules: a document that no client reads", () => {
  const { ada, admin } = useRules();

  it("is the input of an own job", () => assertFails(getDoc(doc(ada(), "batonJobs/job-a/batonPayloads/input"))));
  it("is the webhook URL of an own job", () =>
    assertFails(getDoc(doc(ada(), "batonJobs/job-a/batonPayloads/webhook"))));
  it("is the webhook URL of another's job, for an admin", () =>
    assertFails(getDoc(doc(admin(), "batonJobs/job-a/batonPayloads/webhook"))));
  it("is the steps of an own job", () => assertFails(getDocs(collection(ada(), "batonJobs/job-a/batonSteps"))));
  it("is the secrets of an own endpoint", () =>
    assertFails(getDoc(doc(ada(), "batonEndpoints/endpoint-a/batonSecrets/secret-1"))));
  it("is the custom headers of an own endpoint", () =>
    assertFails(getDoc(doc(ada(), "batonEndpoints/endpoint-a/batonSecrets/headers"))));
  it("is own attempts by their collection group", () =>
    assertFails(getDocs(query(collectionGroup(ada(), "batonAttempts"), where("owner", "==", "ada")))));
  it("is the list of secrets of an own endpoint", () =>
    assertFails(getDocs(collection(ada(), "batonEndpoints/endpoint-a/batonSecrets"))));
  it("is all secrets by their collection group", () => assertFails(getDocs(collectionGroup(ada(), "batonSecrets"))));
  it("is own secrets by their collection group", () =>
    assertFails(getDocs(query(collectionGroup(ada(), "batonSecrets"), where("owner", "==", "ada")))));
  it("is own jobs by their collection group", () =>
    assertFails(getDocs(query(collectionGroup(ada(), "batonJobs"), where("owner", "==", "ada")))));
  it("is all jobs by their collection group, for an admin", () =>
    assertFails(getDocs(collectionGroup(admin(), "batonJobs"))));
  it("is payloads by their collection group, for an admin", () =>
    assertFails(getDocs(collectionGroup(admin(), "batonPayloads"))));
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
    "scrapeSites/example.com",
    "mail/message-a",
    "batonApiKeys/some-hash",
    "anything/else",
  ]) {
    it(`is ${path}`, () => assertFails(getDoc(doc(ada(), path))));
    it(`is ${path}, for an admin`, () => assertFails(getDoc(doc(admin(), path))));
  }
  for (const own of ["batonUsage", "batonLanes", "batonErasures", "batonRateLimits", "mail"]) {
    it(`is the list of own ${own}`, () =>
      assertFails(getDocs(query(collection(ada(), own), where("owner", "==", "ada")))));
    it(`is written by no owner in ${own}`, () => assertFails(setDoc(doc(ada(), `${own}/ada`), { owner: "ada" })));
  }
});
