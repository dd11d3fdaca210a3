import assert from "node:assert/strict";
import { randomJobId } from "../support/jobs.ts";
import { anAlert } from "../support/webhooks.ts";
import { after0, T0 } from "./both-webhook-stores.ts";
import { created, onBothEndpointStores, type Store } from "./endpoint-stores.ts";

const HEALTHY = { failures: 0, alertedPercent: 0 };

function health(stores: () => readonly [Store, Store]) {
  it("counts every failure of concurrent writers", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const changes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 ? one : other).changeHealth(
          endpointId,
          ({ health }) => ({ health: { ...health, failures: health.failures + 1 } }),
          after0(n),
        ),
      ),
    );
    assert.equal((await one.read(endpointId))?.health.failures, 40);
    const seen = changes.map((change) => change?.endpoint.health.failures ?? 0).sort((a, b) => a - b);
    assert.deepEqual([seen[0], seen[19], seen[39], new Set(seen).size], [1, 20, 40, 40]);
  });

  it("writes nothing when the rule wants no change", async () => {
    const [one] = stores();
    const endpoint = await created(one);
    assert.equal(await one.changeHealth(endpoint.endpointId, () => undefined, after0(9)), undefined);
    assert.deepEqual(await one.read(endpoint.endpointId), endpoint);
  });

  it("disables an endpoint with its health, but keeps the reason of one that is disabled", async () => {
    const [one, other] = stores();
    const endpoint = await created(one);
    const sick = { failures: 7, failingSince: T0, alertedPercent: 100 };
    const rule = () => ({ health: sick, disabled: { reason: "failing" as const, at: after0(1) } });
    const after = { ...endpoint, health: sick, disabled: { reason: "failing", at: after0(1) }, updatedAt: after0(1) };
    assert.deepEqual(await one.changeHealth(endpoint.endpointId, rule, after0(1)), {
      before: endpoint,
      endpoint: after,
    });
    const again = () => ({ health: HEALTHY, disabled: { reason: "gone" as const, at: after0(2) } });
    await other.changeHealth(endpoint.endpointId, again, after0(2));
    assert.deepEqual(await one.read(endpoint.endpointId), { ...after, health: HEALTHY, updatedAt: after0(2) });
  });

  it("writes the alerts of concurrent changes with the health, each in its own answer", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const alerts = [1, 2, 3, 4].map(() => anAlert());
    const changes = await Promise.all(
      alerts.map((alert, n) =>
        (n % 2 ? one : other).changeHealth(
          endpointId,
          ({ health }) => ({ health: { ...health, failures: health.failures + 1 }, ...(n > 0 && { alert }) }),
          after0(n),
        ),
      ),
    );
    const [first, ...others] = alerts;
    assert.deepEqual(
      changes.map((change) => change?.alert),
      [undefined, ...others],
    );
    assert.equal(await one.readAlert(first?.alertId ?? ""), undefined);
    for (const alert of others) assert.deepEqual(await one.readAlert(alert.alertId), alert);
  });

  it("writes the same alert again, and the health with it", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const alert = anAlert();
    const failures = (count: number) => () => ({ health: { failures: count, alertedPercent: 50 }, alert });
    await one.changeHealth(endpointId, failures(1), after0(1));
    await other.changeHealth(endpointId, failures(2), after0(2));
    assert.equal((await one.read(endpointId))?.health.failures, 2);
    assert.deepEqual(await one.readAlert(alert.alertId), alert);
  });

  it("writes no alert of a change that lost to another writer", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const decided: string[] = [];
    const changes = await Promise.all(
      [one, other, one, other].map((store, n) =>
        store.changeHealth(
          endpointId,
          ({ health }) => {
            const alert = anAlert({ alertId: `${endpointId}-${n}-${health.failures}` });
            decided.push(alert.alertId);
            return { health: { ...health, failures: health.failures + 1 }, alert };
          },
          T0,
        ),
      ),
    );
    const stored = await Promise.all(decided.map((alertId) => one.readAlert(alertId)));
    const ids = stored.flatMap((alert) => alert?.alertId ?? []);
    assert.deepEqual(ids.sort(), changes.map((change) => change?.alert?.alertId).sort());
  });

  it("writes no alert of an endpoint that is gone", async () => {
    const [one] = stores();
    const alert = anAlert();
    assert.equal(await one.changeHealth(randomJobId(), () => ({ health: HEALTHY, alert }), T0), undefined);
    assert.equal(await one.readAlert(alert.alertId), undefined);
  });

  it("rejects with the error of a rule, and applies the next rule", async () => {
    const [one] = stores();
    const { endpointId } = await created(one);
    const broken = () => {
      throw new Error("broken rule");
    };
    await assert.rejects(one.changeHealth(endpointId, broken, T0), /broken rule/);
    const change = await one.changeHealth(endpointId, () => ({ health: { failures: 1, alertedPercent: 0 } }), T0);
    assert.equal(change?.endpoint.health.failures, 1);
  });
}

onBothEndpointStores("a store of endpoints' health", health);
