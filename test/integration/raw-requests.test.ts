import assert from "node:assert/strict";
import { isAlive } from "../../local/is-alive.ts";
import { testCloud } from "../support/cloud.ts";
import { rawRequests, sendRaw } from "../support/raw-requests.ts";
import { waitFor } from "../support/wait-for.ts";

/** `npm run test:fuzz` sends 10,000. */
const COUNT = Number(process.env.BATON_RAW_REQUESTS ?? 1500);
const SEED = Number(process.env.BATON_RAW_SEED ?? 42);
const AT_ONCE = 50;

/** How long an answer to half a request is waited for: the server keeps it for 20 s, which no other test waits for. */
const PATIENCE_MS = 150;

describe(`a local cloud that is sent ${COUNT} odd requests`, () => {
  it("answers afterwards at every port, with the processes it had", async () => {
    const { local, consoleUrl, apiUrl, inboxUrl, firestoreHost, pubsubHost, authHost, storageUrl, newUser } =
      testCloud();
    const hosts = [consoleUrl, apiUrl, inboxUrl, firestoreHost, pubsubHost, authHost, storageUrl].map((url) =>
      url.replace("http://", ""),
    );
    const hostOf = (index: number) => hosts[index % hosts.length] ?? "";
    const pids = local.childPids().toSorted();
    const requests = rawRequests(SEED, COUNT, hostOf).entries();
    const send = async () => {
      for (const [index, request] of requests) await sendRaw(Number(hostOf(index).split(":")[1]), request, PATIENCE_MS);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    for (const host of hosts) {
      await waitFor(`an answer of ${host}`, async () => (await fetch(`http://${host}/`)).status < 500);
    }
    assert.deepEqual(local.childPids().toSorted(), pids);
    assert.deepEqual(
      pids.filter((pid) => !isAlive(pid)),
      [],
    );
    const { token } = await newUser("after-the-storm");
    const list = await fetch(`${consoleUrl}/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(list.status, 200);
  });
});
