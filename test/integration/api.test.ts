import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { JobList, JobView, Problem } from "@baton/protocol";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";

const COMMENTS = [{ text: "Great video, thank you!" }, { text: "What microphone is that?" }];
const GOOD = { type: "video.analysis", input: { comments: COMMENTS } };

/** Sends a request to the deployed bundle over a real socket. */
async function call(method: string, path: string, token?: string, body?: BodyInit, headers?: Record<string, string>) {
  const response = await fetch(`${testCloud().apiUrl}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const submit = (token: string, request: unknown = GOOD) => call("POST", "/v1/jobs", token, JSON.stringify(request));
const list = async (token: string) => JobList.parse(JSON.parse((await call("GET", "/v1/jobs", token)).text)).jobs;

describe("the API over HTTP", () => {
  it("takes a job, shows it, and gives its result once it has run", async () => {
    const { uid, token } = await testCloud().newUser();
    const submitted = await submit(token);
    assert.equal(submitted.status, 202, submitted.text);
    const job = JobView.parse(JSON.parse(submitted.text));
    assert.equal(job.owner, uid);
    const path = `/v1/${submitted.headers.get("location")}`;
    assert.equal(path, `/v1/jobs/${job.jobId}`);
    const result = await waitFor("the result", async () => {
      const answer = await call("GET", `${path}/result`, token);
      return answer.status === 200 && JSON.parse(answer.text);
    });
    assert.deepEqual([result.jobId, result.status, result.output.comments.length], [job.jobId, "completed", 2]);
    const late = await call("DELETE", path, token);
    assert.deepEqual([late.status, JSON.parse(late.text).code], [409, "already-final"]);
  });

  it("keeps two users apart", async () => {
    const [ann, ben] = await Promise.all([testCloud().newUser("ann"), testCloud().newUser("ben")]);
    const { jobId } = JSON.parse((await submit(ann.token)).text);
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/result"],
      ["DELETE", ""],
    ] as const) {
      const foreign = await call(method, `/v1/jobs/${jobId}${path}`, ben.token);
      assert.deepEqual([foreign.status, JSON.parse(foreign.text).code], [404, "not-found"]);
    }
    assert.deepEqual(await list(ben.token), []);
    assert.deepEqual(
      (await list(ann.token)).map((job) => job.jobId),
      [jobId],
    );
  });

  it("lets an admin read anybody's job, and cancel none", async () => {
    const [ann, admin] = await Promise.all([
      testCloud().newUser("ann"),
      testCloud().newUser("root", { batonRole: "admin" }),
    ]);
    const { jobId } = JSON.parse((await submit(ann.token)).text);
    assert.equal((await call("GET", `/v1/jobs/${jobId}`, admin.token)).status, 200);
    assert.equal((await call("GET", `/v1/jobs?owner=${ann.uid}`, admin.token)).status, 200);
    assert.equal((await call("DELETE", `/v1/jobs/${jobId}`, admin.token)).status, 403);
  });

  it("reads a compressed body", async () => {
    const { token } = await testCloud().newUser();
    const body = gzipSync(JSON.stringify(GOOD));
    assert.equal((await call("POST", "/v1/jobs", token, body, { "content-encoding": "gzip" })).status, 202);
  });

  const text = { "content-type": "text/plain" };
  const gzip = { "content-encoding": "gzip" };
  const refused: [name: string, body: BodyInit, headers: Record<string, string>, status: number, code: string][] = [
    ["broken JSON", '{"type":', {}, 400, "invalid-json"],
    ["broken gzip", "{}", gzip, 400, "invalid-request"],
    ["a small gzip of 64 MiB", gzipSync(Buffer.alloc(67_108_864, " ")), gzip, 413, "body-too-large"],
    ["a body of 2 MiB", " ".repeat(2_097_152), {}, 413, "body-too-large"],
    ["text", "{}", text, 415, "unsupported-media-type"],
    ["an unknown type", '{"type":"no.such","input":{}}', {}, 400, "unknown-job-type"],
    [
      "an input of the wrong shape",
      '{"type":"video.analysis","input":{"comments":[{"text":1}]}}',
      {},
      400,
      "invalid-input",
    ],
    [
      "a private webhook URL",
      JSON.stringify({ ...GOOD, webhookUrl: "https://10.0.0.1/" }),
      {},
      400,
      "webhook-url-refused",
    ],
  ];
  for (const [name, body, headers, status, code] of refused) {
    it(`refuses ${name} with ${status} ${code}, and stores nothing`, async () => {
      const { token } = await testCloud().newUser();
      const answer = await call("POST", "/v1/jobs", token, body, headers);
      assert.equal(answer.headers.get("content-type"), "application/problem+json", answer.text);
      const problem = Problem.parse(JSON.parse(answer.text));
      assert.deepEqual([answer.status, problem.code], [status, code]);
      assert.equal(answer.headers.get("x-request-id"), problem.requestId);
      assert.deepEqual(await list(token), []);
    });
  }

  it("refuses an upload of unknown length once it has passed 1 MiB", async () => {
    const { token } = await testCloud().newUser();
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const upload = httpRequest(`${testCloud().apiUrl}/v1/jobs`, { method: "POST", headers });
      upload.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      for (let i = 0; i < 32; i += 1) upload.write(Buffer.alloc(65_536, 32));
      upload.end();
    });
    assert.equal(status, 413);
  });

  it("refuses a caller without a token, with a forged one and with one of another project", async () => {
    const { token } = await testCloud().newUser();
    const [header, payload] = token.split(".");
    const other = { ...JSON.parse(Buffer.from(payload ?? "", "base64url").toString()), aud: "demo-other" };
    const foreign = `${header}.${Buffer.from(JSON.stringify(other)).toString("base64url")}.`;
    for (const bad of [undefined, "forged", foreign]) {
      const answer = await call("POST", "/v1/jobs", bad, JSON.stringify(GOOD));
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
    }
  });

  it("answers a browser's preflight", async () => {
    const answer = await call("OPTIONS", "/v1/jobs", undefined, undefined, {
      origin: "http://localhost:5173",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  });

  it("takes whatever text, names and numbers JSON can carry", async () => {
    const { token } = await testCloud().newUser();
    const odd = ["\u0000", "\ud83d", "👩‍👩‍👧", "\u202e", "__proto__", "x".repeat(512)];
    const metadata = Object.fromEntries(odd.map((value, i) => [`key ${i}.[]*~/\``, value]));
    const request = { type: "video.analysis", input: { comments: [{ text: "cut \ud83d" }] } };
    const submitted = await submit(token, { ...request, metadata, tags: ["ünï", "a/b", "__all__"] });
    assert.equal(submitted.status, 202, submitted.text);
  });
});
