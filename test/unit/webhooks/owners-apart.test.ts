import assert from "node:assert/strict";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { aSender, BROKEN, letPass, OK } from "./a-sender.ts";
import { aResult } from "./results.ts";

const BOBS = "https://bob.example.com/hook";

/** Completes one job of bob, whose URL fails at first, and 40 jobs of other owners at `urlOf`, all of which fail. */
async function endJobs(urlOf: (n: number) => { owner: string; url: string }) {
  const others = Array.from({ length: 40 }, (_, n) => ({ jobId: `alice${String(n).padStart(15, "0")}`, ...urlOf(n) }));
  const broken = Object.fromEntries(others.map(({ url }) => [url, [BROKEN]]));
  const sender = aSender({ ...broken, [BOBS]: [BROKEN, OK] });
  const bobs = { jobId: "bobbobbobbobbobbobbo", owner: "bob", url: BOBS };
  const urls = new Map([...others, bobs].map(({ jobId, url }) => [jobId, url]));
  const results = { ...sender.ports.results, readWebhookUrl: async (jobId: string) => urls.get(jobId) };
  const ports = { ...sender.ports, results };
  for (const { jobId, owner } of [...others, bobs]) {
    const result = aResult({ jobId, owner, hasWebhookUrl: true });
    sender.keep(result);
    void notifyResult(ports, result);
  }
  await letPass(sender, 30_000, ports);
  return sender;
}

describe("the retry of one owner's job URL", () => {
  const ON_TIME = ["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:05.000Z"];

  it("comes after 5 s while another owner's URL fails 40 times", async () => {
    const { timesOf } = await endJobs(() => ({ owner: "alice", url: "https://alice.example.com/" }));
    assert.deepEqual(timesOf(BOBS), ON_TIME);
  });

  it("comes after 5 s while 20 other owners' URLs fail", async () => {
    const { timesOf } = await endJobs((n) => ({ owner: `owner${n % 20}`, url: `https://host${n}.example.com/` }));
    assert.deepEqual(timesOf(BOBS), ON_TIME);
  });
});
