import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { order, type Shop } from "./order.ts";

/** A shop that writes down what is done in it. */
function aShop() {
  const done: string[] = [];
  const charges = new Set<string>();
  const shop: Shop = {
    reserve: async (item) => ({ reservationId: `reserved-${item}` }),
    release: async (reservationId) => void done.push(`release ${reservationId}`),
    writeInvoice: async () => ({ url: "https://shop.example/invoices/1" }),
    async charge(cents, key) {
      if (!charges.has(key)) done.push(`charge ${cents}`);
      charges.add(key);
      return { chargeId: "charge-1" };
    },
    refund: async (chargeId) => void done.push(`refund ${chargeId}`),
  };
  return { shop, done };
}

const input = { item: "tea-pot", cents: 1999 };

describe("order", () => {
  it("charges once although the worker dies before the charge is recorded", async () => {
    const { shop, done } = aShop();
    const job = await testJob(order(shop), input);
    job.killIn("charge");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.step("charge").runs], ["completed", 2, 2]);
    assert.deepEqual(done, ["charge 1999"]);
  });

  it("does not reserve again when the invoice fails", async () => {
    const { shop } = aShop();
    const job = await testJob(order(shop), input);
    job.failStep("write invoice", new Error("no paper"), 3);
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["completed", 2]);
    assert.deepEqual([job.step("reserve").runs, job.step("write invoice").runs], [1, 1]);
  });

  it("counts what is sold together with the order", async () => {
    const job = await testJob(order(aShop().shop), input);
    job.killIn("book");
    await job.run();
    assert.deepEqual(job.documents.get("stock/tea-pot"), { sold: 1 });
  });

  it("gives back what a cancelled order took", async () => {
    const { shop, done } = aShop();
    const job = await testJob(order(shop), input);
    job.cancelIn("charge");
    await job.run();
    assert.equal(job.status, "cancelled");
    assert.deepEqual(done, ["charge 1999", "release reserved-tea-pot", "refund charge-1"]);
    assert.equal(job.documents.size, 0);
  });
});
