import assert from "node:assert/strict";
import { readConfig } from "../../engine/src/functions/config.ts";

const LEAST = { GCLOUD_PROJECT: "a-project", BATON_REGION: "europe-west1" };
/** 32 bytes each, all 1 and all 2. */
const KEY_1 = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const KEY_2 = "2:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/** The limits of the built-in tiers. */
const FREE = {
  jobsPerMinute: 60,
  jobsPerDay: 1000,
  inputBytesPerDay: 250_000_000,
  activeJobs: 5,
  maxInputBytes: 921_600,
  maxFileBytes: 100_000_000,
  uploadsPerMinute: 60,
  retentionDays: 30,
  endpoints: 5,
  sendsPerMinute: 60,
  changesPerMinute: 60,
  erasuresPerHour: 10,
  requestsPerMinute: 600,
};
const PRO = {
  jobsPerMinute: 600,
  jobsPerDay: 50_000,
  inputBytesPerDay: 10_000_000_000,
  activeJobs: 50,
  maxInputBytes: 921_600,
  maxFileBytes: 100_000_000,
  uploadsPerMinute: 600,
  retentionDays: 90,
  endpoints: 20,
  sendsPerMinute: 600,
  changesPerMinute: 600,
  erasuresPerHour: 10,
  requestsPerMinute: 6000,
};

describe("the configuration", () => {
  it("needs nothing but the project, and refuses webhooks to loopback by default", () => {
    assert.deepEqual(readConfig(LEAST), {
      projectId: "a-project",
      database: "(default)",
      publicApiUrl: "https://europe-west1-a-project.cloudfunctions.net/baton-api",
      pubsubEmulator: "",
      webhooks: { masterSecret: "", encryptionKeys: "", allowLoopback: false, ownHosts: [] },
      mailCollection: "",
      eventTypes: [],
      files: { bucket: "", emulator: "" },
      leaseMs: 60_000,
      workerTimeoutMs: 540_000,
      tiers: { free: FREE, pro: PRO },
      auth: {
        adminClaim: { name: "batonRole", value: "admin" },
        tierClaim: "batonTier",
        access: { anonymous: false, verifiedEmail: false, tenants: [] },
        checkRevoked: false,
      },
      perNetwork: { requestsPerMinute: 600, trustedProxies: 0 },
      timing: { messageLostMs: 60_000, shortWaitMs: 60_000, cancelGraceMs: 30_000, announcedEnds: [] },
      sweep: { lookAheadMs: 50_000, deleteExpired: false },
    });
  });

  it("names the API of a function kit's instance as the Firebase CLI does", () => {
    const { publicApiUrl } = readConfig({ ...LEAST, FIREBASE_KIT_INSTANCE_ID: "mail" });
    assert.equal(publicApiUrl, "https://europe-west1-a-project.cloudfunctions.net/kit-mail-baton-api");
  });

  it("takes the region from the function that it is, then from the code, then from the environment", () => {
    const source = "projects/a-project/locations/us-east1/services/baton-api";
    const urlOf = (env: Record<string, string>, region?: string) =>
      readConfig({ ...LEAST, ...env }, { ...(region !== undefined && { region }) }).publicApiUrl;
    assert.match(urlOf({ EVENTARC_CLOUD_EVENT_SOURCE: source }, "asia-east1"), /^https:\/\/us-east1-/);
    assert.match(urlOf({}, "asia-east1"), /^https:\/\/asia-east1-/);
    assert.match(urlOf({}), /^https:\/\/europe-west1-/);
  });

  it("has the results looked at again whose ends are events", () => {
    const { eventTypes, timing } = readConfig({ ...LEAST, EVENT_TYPES: "job.queued,job.failed" });
    assert.deepEqual([eventTypes, timing.announcedEnds], [["job.queued", "job.failed"], ["failed"]]);
    assert.throws(() => readConfig({ ...LEAST, EVENT_TYPES: "job.ended" }), /EVENT_TYPES/);
  });

  it("takes http on this machine only, for emulators", () => {
    for (const url of [
      "http://127.0.0.1:5001/",
      "http://localhost:5001",
      "http://[::1]:5001",
      "https://example.com/",
    ]) {
      assert.equal(readConfig({ ...LEAST, PUBLIC_API_URL: url }).publicApiUrl, url.replace(/\/$/, ""));
    }
    assert.equal(readConfig({ ...LEAST, PUBLIC_API_URL: "HTTPS://example.com" }).publicApiUrl, "HTTPS://example.com");
    for (const url of ["https://a.example?b", "https://a.example/#b", "https://u:p@a.example"]) {
      assert.throws(() => readConfig({ ...LEAST, PUBLIC_API_URL: url }), /PUBLIC_API_URL/, url);
    }
    for (const url of ["http://www.googleapis.com/youtube/v3", "http://127.0.0.1.example.com", "ftp://localhost"]) {
      assert.throws(() => readConfig({ ...LEAST, PUBLIC_API_URL: url }), /PUBLIC_API_URL/, url);
    }
  });

  it("takes the hosts that no webhook may go to as a list", () => {
    const WEBHOOK_OWN_HOSTS = "api-*-uc.a.run.app, API.example.com,";
    const { webhooks } = readConfig({ ...LEAST, WEBHOOK_OWN_HOSTS });
    assert.deepEqual(webhooks.ownHosts, ["api-*-uc.a.run.app", "api.example.com"]);
    for (const wrong of ["https://example.com", "localhost", "a b.example.com", "example.com/x"]) {
      assert.throws(() => readConfig({ ...LEAST, WEBHOOK_OWN_HOSTS: wrong }), /WEBHOOK_OWN_HOSTS/, wrong);
    }
  });

  it("takes encryption keys as a secret box does, and none", () => {
    const WEBHOOK_ENCRYPTION_KEYS = `${KEY_2}, ${KEY_1}`;
    const { webhooks } = readConfig({ ...LEAST, WEBHOOK_ENCRYPTION_KEYS });
    assert.equal(webhooks.encryptionKeys, WEBHOOK_ENCRYPTION_KEYS);
    assert.equal(readConfig({ ...LEAST, WEBHOOK_ENCRYPTION_KEYS: "" }).webhooks.encryptionKeys, "");
  });

  for (const [what, keys, why] of [
    ["a key without an id", KEY_1.slice(2), "encryption key 1 has no id"],
    ["a second key that is too short", `${KEY_2},1:c2hvcnQ=`, "encryption key 2 is not 32 bytes in base64"],
    ["an id given twice", `${KEY_1},${KEY_1}`, "encryption key 2 has the id of another"],
    ["a comma at the end", `${KEY_1},`, "encryption key 2 has no id"],
  ] as const) {
    it(`refuses ${what} among the encryption keys, naming the variable and no key`, () => {
      assert.throws(
        () => readConfig({ ...LEAST, WEBHOOK_ENCRYPTION_KEYS: keys }),
        ({ message }: Error) => {
          assert.match(message, /at WEBHOOK_ENCRYPTION_KEYS$/);
          assert.ok(message.includes(why), message);
          for (const secret of ["AQEBAQ", "AgICAg", "c2hvcnQ"]) assert.equal(message.includes(secret), false);
          return true;
        },
      );
    });
  }

  it("takes the name of a collection for mail, and no path", () => {
    assert.equal(readConfig({ ...LEAST, MAIL_COLLECTION: "mail" }).mailCollection, "mail");
    for (const MAIL_COLLECTION of ["jobs/x/mail", "batonJobs", "batonMail", "__mail__"]) {
      assert.throws(() => readConfig({ ...LEAST, MAIL_COLLECTION }), /MAIL_COLLECTION/);
    }
  });

  for (const text of ["", " ", "0x7530", "1e4", "30000 ", "30s", "1.5", "١٠٠٠"]) {
    it(`takes whole numbers in digits, unlike ${JSON.stringify(text)}`, () => {
      for (const name of ["SHORT_WAIT_MS", "TRUSTED_PROXIES", "LEASE_MS"]) {
        assert.throws(() => readConfig({ ...LEAST, [name]: text }), new RegExp(name));
      }
    });
  }

  it("puts the tiers it is given over the default ones, and a new one over the free one", () => {
    const TIERS = '{"free": {"jobsPerDay": 10}, "pro": {"activeJobs": 7}, "team.1": {"retentionDays": 1}}';
    const { tiers } = readConfig({ ...LEAST, TIERS });
    assert.deepEqual(tiers, {
      free: { ...FREE, jobsPerDay: 10 },
      pro: { ...PRO, activeJobs: 7 },
      "team.1": { ...FREE, jobsPerDay: 10, retentionDays: 1 },
    });
  });

  for (const [TIERS, place] of [
    ["{", /TIERS/],
    ["[]", /TIERS/],
    ['{"free": {"activeJobs": 0}}', /TIERS\.free\.activeJobs/],
    ['{"free": {"jobsPerMinute": 1.5}}', /TIERS\.free\.jobsPerMinute/],
    ['{"free": {"maxInputBytes": 921601}}', /TIERS\.free\.maxInputBytes/],
    ['{"free": {"jobsPerHour": 1}}', /jobsPerHour/],
    ['{"a tier": {}}', /TIERS/],
    ['{"__proto__": {"jobsPerDay": 1}}', /TIERS/],
  ] as const) {
    it(`refuses the tiers ${TIERS}, naming the place`, () => {
      assert.throws(() => readConfig({ ...LEAST, TIERS }), place);
    });
  }

  for (const [length, secret] of [
    [1, "x"],
    [31, "0123456789abcdef0123456789abcde"],
  ] as const) {
    it(`refuses a master secret of ${length} characters`, () => {
      assert.throws(() => readConfig({ ...LEAST, WEBHOOK_MASTER_SECRET: secret }), /has fewer than 32 characters/);
    });
  }

  for (const secret of ["x".repeat(48), " ".repeat(32), "abcdefg".repeat(9)]) {
    it(`refuses a master secret that is not chosen at random: ${JSON.stringify(secret)}`, () => {
      const environment = { ...LEAST, WEBHOOK_MASTER_SECRET: secret };
      assert.throws(() => readConfig(environment), /has fewer than 8 different characters/);
    });
  }

  it("takes a master secret of 32 characters", () => {
    const WEBHOOK_MASTER_SECRET = "0123456789abcdef0123456789abcdef";
    assert.equal(readConfig({ ...LEAST, WEBHOOK_MASTER_SECRET }).webhooks.masterSecret, WEBHOOK_MASTER_SECRET);
  });

  it("takes the admin claim as name=value, or as JSON where the value is no text", () => {
    for (const [ADMIN_CLAIM, adminClaim] of [
      ["team=ops", { name: "team", value: "ops" }],
      ["https://example.com/role=a=b", { name: "https://example.com/role", value: "a=b" }],
      ['{"staff": true}', { name: "staff", value: true }],
      ['{"level": 3}', { name: "level", value: 3 }],
      ['{"note": "a=b"}', { name: "note", value: "a=b" }],
    ] as const) {
      assert.deepEqual(readConfig({ ...LEAST, ADMIN_CLAIM }).auth.adminClaim, adminClaim);
    }
  });

  for (const ADMIN_CLAIM of [
    "admin",
    "=admin",
    "batonRole=",
    "",
    "{}",
    '{"a": 1, "b": 2}',
    '{"roles": ["admin"]}',
    '{"role": ""}',
    '{"email_verified": true}',
    "email=root@example.com",
    "sub=ann",
    "__proto__=admin",
    '{" role": "admin"}',
  ]) {
    it(`refuses the admin claim ${JSON.stringify(ADMIN_CLAIM)}`, () => {
      assert.throws(() => readConfig({ ...LEAST, ADMIN_CLAIM }), /ADMIN_CLAIM/);
    });
  }

  it("takes the name of the tier claim, and refuses one that Firebase sets", () => {
    assert.equal(readConfig({ ...LEAST, TIER_CLAIM: "plan" }).auth.tierClaim, "plan");
    for (const TIER_CLAIM of ["", "name", "email", "sub", " plan", "plan\n"]) {
      assert.throws(() => readConfig({ ...LEAST, TIER_CLAIM }), /TIER_CLAIM/);
    }
  });

  it("takes what one network may send, and the proxies before the API", () => {
    const { perNetwork } = readConfig({ ...LEAST, NETWORK_REQUESTS_PER_MINUTE: "60", TRUSTED_PROXIES: "1" });
    assert.deepEqual(perNetwork, { requestsPerMinute: 60, trustedProxies: 1 });
    assert.throws(() => readConfig({ ...LEAST, NETWORK_REQUESTS_PER_MINUTE: "0" }), /NETWORK_REQUESTS_PER_MINUTE/);
    assert.throws(() => readConfig({ ...LEAST, TRUSTED_PROXIES: "-1" }), /TRUSTED_PROXIES/);
  });

  it("takes who may use the API as JSON", () => {
    const ACCESS =
      '{"anonymous": true, "providers": ["google.com"], "verifiedEmail": true, "claim": {"staff": true}, "tenants": ["acme-1"]}';
    assert.deepEqual(readConfig({ ...LEAST, ACCESS }).auth.access, {
      anonymous: true,
      providers: ["google.com"],
      verifiedEmail: true,
      claim: { name: "staff", value: true },
      tenants: ["acme-1"],
    });
  });

  for (const [ACCESS, place] of [
    ["", /ACCESS/],
    ["[]", /ACCESS/],
    ['{"provider": ["google.com"]}', /provider/],
    ['{"providers": []}', /ACCESS\.providers/],
    ['{"providers": ["anonymous"]}', /ACCESS\.providers\[0\]/],
    ['{"verifiedEmail": "true"}', /ACCESS\.verifiedEmail/],
    ['{"claim": {}}', /ACCESS\.claim/],
    ['{"claim": {"email": "a@example.com"}}', /ACCESS\.claim/],
    ['{"tenants": ["a:b"]}', /ACCESS\.tenants\[0\]/],
  ] as const) {
    it(`refuses the access ${ACCESS}, naming the place`, () => {
      assert.throws(() => readConfig({ ...LEAST, ACCESS }), place);
    });
  }

  it("names every variable that is missing or wrong, and repeats the value of none", () => {
    const wrong = {
      LEASE_MS: "hidden-1",
      WEBHOOK_ALLOW_LOOPBACK: "hidden-2",
      PUBLIC_API_URL: "hidden-3",
      WEBHOOK_MASTER_SECRET: "hidden-4",
    };
    assert.throws(
      () => readConfig(wrong),
      ({ message }: Error) => {
        for (const name of ["GCLOUD_PROJECT", "LEASE_MS", "WEBHOOK_ALLOW_LOOPBACK", "PUBLIC_API_URL"]) {
          assert.ok(message.includes(name), name);
        }
        assert.doesNotMatch(message, /hidden/);
        return true;
      },
    );
  });
});
