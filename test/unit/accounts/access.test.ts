import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  type Access,
  admit,
  DEFAULT_ACCESS,
  DEFAULT_ADMIN_CLAIM,
  hasClaim,
} from "../../../engine/src/accounts/access.ts";

describe("a claim", () => {
  it("is had with exactly its value, and not by what an object inherits", () => {
    assert.equal(hasClaim({ team: "ops" }, { name: "team", value: "ops" }), true);
    for (const team of ["Ops", " ops", ["ops"], true, 1, null, undefined]) {
      assert.equal(hasClaim({ team }, { name: "team", value: "ops" }), false);
    }
    assert.equal(hasClaim(Object.create({ team: "ops" }), { name: "team", value: "ops" }), false);
  });
});

describe("access", () => {
  const by = (sign_in_provider: string, more: object = {}) => ({ uid: "ann", firebase: { sign_in_provider }, ...more });
  const of = (tenant: unknown, uid = "ann") => ({ uid, firebase: { sign_in_provider: "password", tenant } });
  const access = (changed: Partial<Access>): Access => ({ ...DEFAULT_ACCESS, ...changed });
  const ann = { outcome: "admitted", owner: "ann" };
  const denied = (reason: string) => ({ outcome: "denied", reason });

  it("is for every signed-in user but the anonymous by default", () => {
    for (const provider of ["password", "google.com", "phone", "custom", "saml.corp", "oidc.corp"]) {
      assert.deepEqual(admit(by(provider), DEFAULT_ACCESS), ann);
    }
    assert.deepEqual(admit(by("anonymous"), DEFAULT_ACCESS), denied("anonymous"));
    assert.deepEqual(admit(by("anonymous"), access({ anonymous: true })), { ...ann, isAnonymous: true });
  });

  it("is narrowed to providers, which say nothing about the anonymous", () => {
    const google = access({ providers: ["google.com"], anonymous: true });
    assert.deepEqual(admit(by("google.com"), google), ann);
    assert.deepEqual(admit(by("password"), google), denied("provider"));
    assert.deepEqual(admit(by("anonymous"), google), { ...ann, isAnonymous: true });
    assert.deepEqual(admit({ uid: "ann" }, google), denied("provider"));
  });

  it("is narrowed to verified addresses, by true and nothing like it", () => {
    const verified = access({ verifiedEmail: true, anonymous: true });
    assert.deepEqual(admit(by("password", { email_verified: true }), verified), ann);
    for (const email_verified of [false, "true", 1, undefined]) {
      assert.deepEqual(admit(by("password", { email_verified }), verified), denied("unverified-email"));
    }
    assert.deepEqual(admit(by("anonymous"), verified), denied("unverified-email"));
  });

  it("is narrowed to a claim of exactly one value", () => {
    const staff = access({ claim: { name: "staff", value: true } });
    assert.deepEqual(admit(by("password", { staff: true }), staff), ann);
    for (const value of ["true", 1, [true], undefined]) {
      assert.deepEqual(admit(by("password", { staff: value }), staff), denied("claim"));
    }
  });

  it("makes users of one uid in two tenants, and outside, three owners", () => {
    const both = access({ tenants: ["acme-1", "umbrella-2"] });
    assert.deepEqual(admit(of("acme-1"), both), { outcome: "admitted", owner: "tenant:acme-1:ann" });
    assert.deepEqual(admit(of("umbrella-2"), both), { outcome: "admitted", owner: "tenant:umbrella-2:ann" });
    assert.deepEqual(admit(by("password"), both), ann);
    assert.deepEqual(admit(of("acme-1", "tenant:x:y"), both), {
      outcome: "admitted",
      owner: "tenant:acme-1:tenant:x:y",
    });
  });

  it("is not for a tenant that is not listed, nor for a tenant that is no text", () => {
    for (const tenant of ["acme-1", "", null, 1, ["umbrella-2"]]) {
      assert.deepEqual(admit(of(tenant), access({ tenants: ["umbrella-2"] })), denied("tenant"));
    }
  });

  it("is not for a uid that could be taken for a tenant's user", () => {
    for (const uid of ["tenant:acme-1:ann", "tenant:", "tenant:\n"]) {
      assert.deepEqual(admit({ uid }, access({ tenants: ["acme-1"] })), denied("uid"));
    }
    assert.deepEqual(admit({ uid: "tenant" }, DEFAULT_ACCESS), { outcome: "admitted", owner: "tenant" });
  });
});

describe("firestore.rules and the default settings", () => {
  it("make an admin by the same claim", async () => {
    const rules = await readFile("firestore.rules", "utf8");
    assert.deepEqual(DEFAULT_ADMIN_CLAIM, { name: "batonRole", value: "admin" });
    assert.match(rules, /return batonIsSignedIn\(\) && request\.auth\.token\.get\('batonRole', ''\) == 'admin';/);
  });

  it("list the same tenants, none", async () => {
    const rules = await readFile("firestore.rules", "utf8");
    assert.deepEqual(DEFAULT_ACCESS.tenants, []);
    assert.match(rules, /function batonTenants\(\) \{\s+return \[\];\s+\}/);
  });
});
