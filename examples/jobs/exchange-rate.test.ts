import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { exchangeRate } from "./exchange-rate.ts";

describe("exchange.rate", () => {
  it("asks the service of its settings with the secret", async () => {
    const asked: [url: string, authorization: string | null][] = [];
    const answering: typeof fetch = async (input, init) => {
      asked.push([String(input), new Headers(init?.headers).get("authorization")]);
      return Response.json({ rate: 1.08 });
    };
    const settings = { RATES_API_URL: "https://rates.test", RATES_API_KEY: "key-1" };
    const job = await testJob(exchangeRate(answering), { currency: "USD" }, { settings });
    await job.run();
    assert.deepEqual(job.output, { rate: 1.08 });
    assert.deepEqual(asked, [["https://rates.test/rates/USD", "Bearer key-1"]]);
  });

  it("fails its attempts while the secret is missing", async () => {
    const job = await testJob(exchangeRate(), { currency: "USD" });
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["failed", 5]);
    assert.match(String(job.errors[0]), /RATES_API_KEY/);
  });
});
