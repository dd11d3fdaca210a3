import assert from "node:assert/strict";
import { assertFails, assertSucceeds } from "@firebase/rules-unit-testing";
import { collection, doc, getDoc, getDocs, query, setDoc, where } from "firebase/firestore";
import { firestoreRules } from "../../cli/src/edits/own-texts.ts";
import { rulesEdit } from "../../cli/src/edits/rules-block.ts";
import { useRules } from "../support/rules-users.ts";

/** Rules of an app whose functions have likely names. */
const APP = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    function isSignedIn() { return request.auth != null; }
    function isAdmin() { return request.auth.token.get('role', '') == 'admin'; }
    function isOwn() { return isSignedIn() && resource.data.owner == request.auth.uid; }
    match /mail/{id} {
      allow read: if isOwn() || isAdmin();
    }
    match /jobs/{id} {
      allow create: if isSignedIn() && request.resource.data.owner == request.auth.uid;
      allow get: if true;
    }
    match /{path=**}/batonPrices/{id} {
      allow read: if false;
    }
  }
}
`;
const edit = rulesEdit("firestore.rules", firestoreRules(), { allowOpenRules: false });

describe("the rules of an app", () => {
  it("are what they were after init and uninstall", () => assert.equal(edit.remove(edit.add(APP)), APP));

  for (const [when, rules] of [
    ["before init", APP],
    ["after init", edit.add(APP)],
  ] as const) {
    describe(when, () => {
      const { ada, bob, signedOut, claiming } = useRules(() => rules);

      it("give an owner their document", () => assertSucceeds(getDoc(doc(ada(), "mail/message-a"))));
      it("give an owner their list", () =>
        assertSucceeds(getDocs(query(collection(ada(), "mail"), where("owner", "==", "ada")))));
      it("give nobody else's document", () => assertFails(getDoc(doc(bob(), "mail/message-a"))));
      it("give the app's admin all", () =>
        assertSucceeds(getDoc(doc(claiming("root", { role: "admin" }), "mail/message-a"))));
      it("give an admin of Baton nothing", () =>
        assertFails(getDoc(doc(claiming("root", { batonRole: "admin" }), "mail/message-a"))));
      it("let a user create a job of the app", () =>
        assertSucceeds(setDoc(doc(ada(), `jobs/own-${when.length}`), { owner: "ada" })));
      it("let no user create one for another", () =>
        assertFails(setDoc(doc(ada(), `jobs/other-${when.length}`), { owner: "bob" })));
      it("give everybody a job of the app", () => assertSucceeds(getDoc(doc(signedOut(), "jobs/any"))));
      it("give the app's admin nothing of Baton's", () =>
        assertFails(getDoc(doc(claiming("root", { role: "admin" }), "batonJobs/job-a"))));
      it("let nobody write what is Baton's", () =>
        assertFails(setDoc(doc(ada(), "batonJobs/forged"), { owner: "ada" })));
    });
  }

  describe("after init, in Baton's block", () => {
    const { ada, bob, admin } = useRules(() => edit.add(APP));

    it("give an owner their job", () => assertSucceeds(getDoc(doc(ada(), "batonJobs/job-a"))));
    it("give no other user that job", () => assertFails(getDoc(doc(bob(), "batonJobs/job-a"))));
    it("give an admin of Baton every job", () => assertSucceeds(getDoc(doc(admin(), "batonJobs/job-a"))));
    it("give nobody the payload of a job", () =>
      assertFails(getDoc(doc(ada(), "batonJobs/job-a/batonPayloads/input"))));
  });
});
