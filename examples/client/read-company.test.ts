import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createBatonClient } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { readCompany, requestCompany } from "./read-company.ts";

const AT = "2026-03-01T12:00:00.000Z";
const JOB_ID = "abcdefghij0123456789";
const COMMON = { jobId: JOB_ID, type: "company.scrape", owner: "ada", attempt: 1, createdAt: AT };
const JOB = { ...COMMON, queue: "default", status: "queued", progress: 0, maxAttempts: 3, tags: [], metadata: {} };
const sourced = (value: string) => ({ value, source: "https://example.com/", from: "text" });

describe("a client that reads a company", () => {
  let api: Server;
  let answer: object;
  let body = "";

  before(async () => {
    api = createServer(async (request, response) => {
      body = await text(request);
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
  });
  after(() => void api.close());

  const newClient = () => {
    const { port } = api.address() as AddressInfo;
    return createBatonClient<typeof jobs>({ apiUrl: `http://127.0.0.1:${port}`, getToken: async () => "token" });
  };

  it("asks for the contacts of a site", async () => {
    answer = { ...JOB, updatedAt: AT, history: [] };
    assert.equal((await requestCompany(newClient(), "example.com")).jobId, JOB_ID);
    const { type, input } = JSON.parse(body);
    assert.deepEqual([type, input.url, input.stages], ["company.scrape", "example.com", ["overview", "contacts"]]);
  });

  it("has name and contacts of a completed scrape, and nothing of a failed one", async () => {
    const output = { domain: "example.com", name: sourced("Example"), emails: [sourced("a@example.com")], phones: [] };
    answer = { ...COMMON, status: "completed", durationMs: 5, output };
    assert.deepEqual(await readCompany(newClient(), JOB_ID), {
      name: "Example",
      emails: ["a@example.com"],
      phones: [],
    });
    answer = { ...COMMON, status: "failed", durationMs: 5, error: { code: "dns-failed", message: "No address." } };
    assert.equal(await readCompany(newClient(), JOB_ID), undefined);
  });
});
