import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import type { Endpoint, EndpointStore } from "../../functions/src/core/ports.ts";
import { firestoreEndpointStore } from "../../functions/src/gcp/firestore/endpoint-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomOwner } from "../support/jobs.ts";
import { memoryEndpointStore } from "../support/memory-webhook-stores.ts";

const NOW = new Date("2026-01-10T00:00:00.000Z");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Opened {
  store: EndpointStore;
  add(endpoint: Endpoint): Promise<void>;
}

function anEndpoint(given: Partial<Endpoint> = {}): Endpoint {
  const url = "https://hooks.example.com/";
  return { endpointId: randomUUID(), owner: randomOwner(), url, secrets: [SECRET], disabled: false, ...given };
}

/** What every endpoint store promises; run against the fake and against the real emulator. */
function endpointStoreContract(name: string, open: () => Opened) {
  describe(`${name} as an endpoint store`, () => {
    let store: EndpointStore;
    let add: Opened["add"];
    before(() => {
      ({ store, add } = open());
    });

    it("lists the owner's enabled endpoints with their secrets, and nobody else's", async () => {
      const mine = anEndpoint();
      await add(mine);
      await add(anEndpoint({ owner: mine.owner, disabled: true }));
      await add(anEndpoint());
      assert.deepEqual(await store.listEnabled(mine.owner, NOW), [mine]);
    });

    it("lists nothing for an owner without endpoints", async () => {
      assert.deepEqual(await store.listEnabled(randomOwner(), NOW), []);
    });

    it("lists at most 20", async () => {
      const owner = randomOwner();
      await Promise.all(Array.from({ length: 21 }, () => add(anEndpoint({ owner }))));
      assert.equal((await store.listEnabled(owner, NOW)).length, 20);
    });

    it("disables one endpoint, also when it is asked twice", async () => {
      const kept = anEndpoint();
      const gone = anEndpoint({ owner: kept.owner });
      await add(kept);
      await add(gone);
      await store.disable(gone.endpointId, NOW);
      await store.disable(gone.endpointId, NOW);
      assert.deepEqual(await store.listEnabled(kept.owner, NOW), [kept]);
    });

    it("does nothing when the endpoint to disable is not there", async () => {
      await store.disable(randomUUID(), NOW);
    });
  });
}

endpointStoreContract("memory", () => {
  const store = memoryEndpointStore();
  return { store, add: async (endpoint) => store.add(endpoint) };
});

describe("on the emulator", () => {
  let db: Firestore;
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  before(() => {
    db = openFirestore("demo-contracts");
  });
  after(() => db.terminate());

  async function addTo({ endpointId, secrets, ...fields }: Endpoint) {
    const document = db.collection("endpoints").doc(endpointId);
    const createdAt = Timestamp.fromDate(NOW);
    await document.set({ ...fields, createdAt });
    await Promise.all(secrets.map((secret) => document.collection("secrets").add({ secret, createdAt })));
  }

  endpointStoreContract("Firestore", () => ({ store: firestoreEndpointStore(db, log), add: addTo }));

  it("gives the live secrets, newest first, without those whose overlap has ended", async () => {
    const endpoint = anEndpoint({ secrets: [] });
    await addTo(endpoint);
    const secrets = db.collection("endpoints").doc(endpoint.endpointId).collection("secrets");
    const day = (n: number) => Timestamp.fromDate(new Date(`2026-01-0${n}T00:00:00.000Z`));
    await secrets.add({ secret: "whsec_b2xk", createdAt: day(1), expireAt: day(9) });
    await secrets.add({ secret: "whsec_bmV3", createdAt: day(8) });
    await secrets.add({
      secret: "whsec_bWlk",
      createdAt: day(2),
      expireAt: Timestamp.fromDate(new Date("2026-01-10T00:00:00.001Z")),
    });
    const [found] = await firestoreEndpointStore(db, log).listEnabled(endpoint.owner, NOW);
    assert.deepEqual(found?.secrets, ["whsec_bmV3", "whsec_bWlk"]);
  });

  it("leaves out a damaged endpoint and logs its id, without its contents", async () => {
    const good = anEndpoint();
    await addTo(good);
    const damaged = db.collection("endpoints").doc(randomUUID());
    await damaged.set({ owner: good.owner, disabled: false, url: 5, note: "s3cret" });
    log.error.resetHistory();
    assert.deepEqual(await firestoreEndpointStore(db, log).listEnabled(good.owner, NOW), [good]);
    assert.deepEqual(log.error.args, [["endpoint cannot be read", { endpointId: damaged.id }]]);
  });

  it("leaves a deleted endpoint deleted", async () => {
    const id = randomUUID();
    await firestoreEndpointStore(db, log).disable(id, NOW);
    assert.equal((await db.collection("endpoints").doc(id).get()).exists, false);
  });
});
