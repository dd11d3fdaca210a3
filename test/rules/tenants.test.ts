import assert from "node:assert/strict";
import { assertFails, assertSucceeds } from "@firebase/rules-unit-testing";
import { doc, getDoc } from "firebase/firestore";
import { useRules } from "../support/rules-users.ts";

describe("firestore.rules: a user of an Identity Platform tenant", () => {
  const { claiming, statusOfRead } = useRules();

  const firebase = { sign_in_provider: "password", identities: {}, tenant: "acme-1" };
  const inTenant = (uid: string, claims = {}) => claiming(uid, { firebase, ...claims });
  const listing = useRules((file) => file.replace("return [];", "return ['acme-1'];"));
  const listed = (uid: string) => listing.claiming(uid, { firebase });

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
