import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { Agent } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { firebaseTokenVerifier, type VerifierSettings } from "../../engine/src/accounts/token-verifier.ts";
import { testCloud } from "../support/cloud.ts";

const INVALID = { outcome: "refused", reason: "invalid" };
const EXPIRED = { outcome: "refused", reason: "expired" };
const HOUR_S = 3600;
const SETTINGS: VerifierSettings = {
  projectId: "demo-baton",
  adminClaim: { name: "batonRole", value: "admin" },
  tierClaim: "batonTier",
  access: { anonymous: false, verifiedEmail: false, tenants: [] },
  checkRevoked: false,
};

/** Claims of an ID token of user `ann`: https://firebase.google.com/docs/auth/admin/verify-id-tokens */
function claims(changed: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000);
  const issuer = "https://securetoken.google.com/demo-baton";
  const times = { auth_time: now - 60, iat: now - 60, exp: now + HOUR_S };
  return { iss: issuer, aud: "demo-baton", sub: "ann", user_id: "ann", ...times, ...changed };
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");

function unsigned(payload: unknown, header: unknown = { alg: "none", typ: "JWT" }): string {
  return `${encode(header)}.${encode(payload)}.`;
}

describe("firebaseTokenVerifier with the Auth emulator", () => {
  let emulatorBefore: string | undefined;
  before(() => {
    emulatorBefore = process.env.FIREBASE_AUTH_EMULATOR_HOST;
    process.env.FIREBASE_AUTH_EMULATOR_HOST = testCloud().authHost;
  });
  after(() => restoreEmulator(emulatorBefore));

  it("verifies the token of a signed-in user, with the admin claim and tier", async () => {
    const { uid, token } = await testCloud().newUser("ann", { batonRole: "admin", batonTier: "pro" });
    const verdict = await firebaseTokenVerifier(SETTINGS).verify(token);
    assert.deepEqual(verdict, { outcome: "verified", principal: { uid, isAdmin: true, tier: "pro" } });
  });

  it("makes no admin of a user without them", async () => {
    const { uid, token } = await testCloud().newUser();
    const verdict = await firebaseTokenVerifier(SETTINGS).verify(token);
    assert.deepEqual(verdict, { outcome: "verified", principal: { uid, isAdmin: false } });
  });

  it("denies an anonymous user, and lets one in where the setting says so", async () => {
    const token = await anonymousToken();
    const denied = { outcome: "denied", reason: "anonymous" };
    assert.deepEqual(await firebaseTokenVerifier(SETTINGS).verify(token), denied);
    const access = { ...SETTINGS.access, anonymous: true };
    const verdict = await firebaseTokenVerifier({ ...SETTINGS, access }).verify(token);
    assert.equal(verdict.outcome === "verified" && verdict.principal.isAnonymous, true);
  });

  it("refuses a token of another project", async () => {
    const { token } = await testCloud().newUser();
    assert.deepEqual(await firebaseTokenVerifier({ ...SETTINGS, projectId: "demo-other" }).verify(token), INVALID);
  });

  it("refuses an expired token as expired", async () => {
    const { uid } = await testCloud().newUser();
    const past = Math.floor(Date.now() / 1000) - 2 * HOUR_S;
    const token = unsigned(claims({ sub: uid, user_id: uid, iat: past, auth_time: past, exp: past + HOUR_S }));
    assert.deepEqual(await firebaseTokenVerifier(SETTINGS).verify(token), EXPIRED);
  });

  it("refuses the token of a user that does not exist", async () => {
    assert.deepEqual(await firebaseTokenVerifier(SETTINGS).verify(unsigned(claims({ sub: "nobody" }))), INVALID);
  });

  for (const garbage of ["x", "a.b.c", "..", unsigned(null), unsigned([]), unsigned({})]) {
    it(`refuses ${garbage}`, async () => {
      assert.deepEqual(await firebaseTokenVerifier(SETTINGS).verify(garbage), INVALID);
    });
  }
});

describe("firebaseTokenVerifier with signed tokens", () => {
  const KID = "key-1";
  const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const forger = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let keys: Server;
  let asked: number;
  let status: number;
  let emulatorBefore: string | undefined;

  /** Stands where Google publishes its keys. */
  before(async () => {
    emulatorBefore = process.env.FIREBASE_AUTH_EMULATOR_HOST;
    delete process.env.FIREBASE_AUTH_EMULATOR_HOST;
    keys = createServer((_, res) => {
      asked += 1;
      res.writeHead(status, { "content-type": "application/json", "cache-control": "public, max-age=3600" });
      res.end(JSON.stringify({ [KID]: ours.publicKey.export({ type: "spki", format: "pem" }) }));
    }).listen(0, "127.0.0.1");
    await once(keys, "listening");
  });
  after(() => {
    keys.closeAllConnections();
    keys.close();
    restoreEmulator(emulatorBefore);
  });
  beforeEach(() => {
    asked = 0;
    status = 200;
  });

  /** A verifier whose every connection ends at the local server. */
  function verifier(settings = SETTINGS) {
    const agent = new Agent();
    const { port } = address(keys);
    agent.createConnection = () => connect(port, "127.0.0.1");
    return firebaseTokenVerifier(settings, agent);
  }

  function signed(payload: unknown, by = ours, header: object = { alg: "RS256", kid: KID }): string {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${sign("sha256", Buffer.from(text), by.privateKey).toString("base64url")}`;
  }

  it("verifies a token signed with a published key, and fetches the keys once", async () => {
    const tokens = verifier();
    const verified = { outcome: "verified", principal: { uid: "ann", isAdmin: true } };
    assert.deepEqual(await tokens.verify(signed(claims({ batonRole: "admin" }))), verified);
    assert.deepEqual(await tokens.verify(signed(claims({ batonRole: "admin" }))), verified);
    assert.equal(asked, 1);
  });

  const PLAIN = { outcome: "verified", principal: { uid: "ann", isAdmin: false } };

  it("makes no admin of a team's own claim role, gives no tier by its own claim tier, and ignores one that is no text", async () => {
    assert.deepEqual(await verifier().verify(signed(claims({ role: "admin", tier: "pro" }))), PLAIN);
    for (const batonTier of [1, ["pro"], null, { pro: true }]) {
      assert.deepEqual(await verifier().verify(signed(claims({ batonTier }))), PLAIN);
    }
  });

  it("gives the tier by another claim where the setting says so, and by nothing that only looks like one", async () => {
    const settings = { ...SETTINGS, tierClaim: "plan" };
    const verified = { outcome: "verified", principal: { uid: "ann", isAdmin: false, tier: "pro" } };
    assert.deepEqual(await verifier(settings).verify(signed(claims({ plan: "pro", batonTier: "free" }))), verified);
    const inherited = { ...SETTINGS, tierClaim: "constructor" };
    assert.deepEqual(await verifier(inherited).verify(signed(claims())), PLAIN);
  });

  for (const batonRole of [["admin"], { admin: true }, true, "Admin", "", null]) {
    it(`makes no admin of the claim batonRole ${JSON.stringify(batonRole)}`, async () => {
      assert.deepEqual(await verifier().verify(signed(claims({ batonRole }))), PLAIN);
    });
  }

  it("makes an admin by the claim of the setting, of the same type, and no longer by the default one", async () => {
    const tokens = verifier({ ...SETTINGS, adminClaim: { name: "staff", value: true } });
    const verified = { outcome: "verified", principal: { uid: "ann", isAdmin: true } };
    assert.deepEqual(await tokens.verify(signed(claims({ staff: true }))), verified);
    assert.deepEqual(await tokens.verify(signed(claims({ staff: "true" }))), PLAIN);
    assert.deepEqual(await tokens.verify(signed(claims({ batonRole: "admin" }))), PLAIN);
  });

  it("gives the owner of a listed tenant's user the tenant's name, and denies other tenants", async () => {
    const tokens = verifier({ ...SETTINGS, access: { ...SETTINGS.access, tenants: ["acme-1"] } });
    const of = (tenant: unknown) => signed(claims({ firebase: { sign_in_provider: "password", tenant } }));
    const principal = { uid: "tenant:acme-1:ann", isAdmin: false };
    assert.deepEqual(await tokens.verify(of("acme-1")), { outcome: "verified", principal });
    for (const tenant of ["umbrella-2", "", 1]) {
      assert.deepEqual(await tokens.verify(of(tenant)), { outcome: "denied", reason: "tenant" });
    }
    const forged = signed(claims({ firebase: { tenant: "acme-1" } }), forger);
    assert.deepEqual(await tokens.verify(forged), INVALID);
  });

  it("denies a uid that could be taken for a tenant's user", async () => {
    const verdict = await verifier().verify(signed(claims({ sub: "tenant:acme-1:ann" })));
    assert.deepEqual(verdict, { outcome: "denied", reason: "uid" });
  });

  it("refuses a token with another signer, also under a key that is not published", async () => {
    assert.deepEqual(await verifier().verify(signed(claims(), forger)), INVALID);
    assert.deepEqual(await verifier().verify(signed(claims(), ours, { alg: "RS256", kid: "other" })), INVALID);
  });

  it("refuses a token that was changed after it was signed", async () => {
    const [header, , signature] = signed(claims()).split(".");
    assert.deepEqual(await verifier().verify(`${header}.${encode(claims({ sub: "bob" }))}.${signature}`), INVALID);
  });

  it("refuses an expired token as expired", async () => {
    const past = Math.floor(Date.now() / 1000) - 2 * HOUR_S;
    assert.deepEqual(await verifier().verify(signed(claims({ iat: past, exp: past + HOUR_S }))), EXPIRED);
  });

  it("throws when the keys cannot be fetched", async () => {
    status = 500; // The SDK itself asks again after a 503, for seconds.
    await assert.rejects(verifier().verify(signed(claims())), /public keys/);
    const agent = new Agent();
    agent.createConnection = () => connect(1, "127.0.0.1"); // Nothing listens on port 1.
    await assert.rejects(firebaseTokenVerifier(SETTINGS, agent).verify(signed(claims())), /ECONNREFUSED/);
  });

  const HS256 = { alg: "HS256", kid: KID };
  const refused: [name: string, token: string][] = [
    ["unsigned", unsigned(claims())],
    ["unsigned, but naming a key", unsigned(claims(), { alg: "none", kid: KID })],
    ["signed with HS256", signed(claims(), ours, HS256)],
    ["without a key id", signed(claims(), ours, { alg: "RS256" })],
    ["of another project", signed(claims({ aud: "demo-other" }))],
    ["of another issuer", signed(claims({ iss: "https://securetoken.google.com/demo-other" }))],
    ["without a subject", signed(claims({ sub: undefined }))],
    ["with an empty subject", signed(claims({ sub: "" }))],
    ["with a payload that is no object", signed(null)],
    ["with claims of odd types", unsigned({ v: 0, d: null }, { alg: "HS256" })],
    ["no token at all", "garbage"],
  ];
  for (const [name, token] of refused) {
    it(`refuses one ${name} without asking for keys`, async () => {
      assert.deepEqual(await verifier().verify(token), INVALID);
      assert.equal(asked, 0);
    });
  }
});

/** Signs a new anonymous user up, as `signInAnonymously` does. */
async function anonymousToken(): Promise<string> {
  const url = `http://${testCloud().authHost}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local`;
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: '{"returnSecureToken":true}' });
  const { idToken } = Object(await response.json());
  return String(idToken);
}

function restoreEmulator(host: string | undefined): void {
  if (host === undefined) delete process.env.FIREBASE_AUTH_EMULATOR_HOST;
  else process.env.FIREBASE_AUTH_EMULATOR_HOST = host;
}

function address(server: Server): AddressInfo {
  const bound = server.address();
  assert.ok(typeof bound === "object" && bound !== null);
  return bound;
}
