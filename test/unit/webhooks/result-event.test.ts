import assert from "node:assert/strict";
import { JobEvent } from "@baton/protocol";
import fc from "fast-check";
import { eventBody, resultEvent } from "../../../engine/src/webhooks/deliver/result-event.ts";
import { aResult } from "./results.ts";

const API = "https://api.example.com";

function bodyOf(result: ReturnType<typeof aResult>): JobEvent {
  return JobEvent.parse(JSON.parse(eventBody(resultEvent(result, API))));
}

describe("resultEvent", () => {
  it("carries a completed job with its output", () => {
    assert.deepEqual(resultEvent(aResult(), API), {
      type: "job.completed",
      timestamp: "2026-01-01T12:00:00.000Z",
      data: {
        jobId: "aaaaaaaaaaaaaaaaaaaa",
        type: "test.job",
        owner: "alice",
        status: "completed",
        attempt: 1,
        durationMs: 1500,
        tags: ["blue"],
        metadata: { order: "7" },
        output: { answer: 42 },
        resultUrl: "https://api.example.com/v1/jobs/aaaaaaaaaaaaaaaaaaaa/result",
      },
    });
  });

  it("carries the error of a failed job and no output", () => {
    const { output: _, ...failed } = aResult({ status: "failed", error: { code: "quota", message: "No quota left." } });
    const event = resultEvent(failed, API);
    assert.equal(event.type, "job.failed");
    assert.deepEqual(event.data.error, { code: "quota", message: "No quota left." });
    assert.equal("output" in event.data, false);
  });

  it("names a cancelled job's event job.cancelled", () => {
    assert.equal(resultEvent(aResult({ status: "cancelled" }), API).type, "job.cancelled");
  });

  it("keeps an output of null", () => {
    assert.equal(bodyOf(aResult({ output: null })).data.output, null);
  });
});

describe("eventBody", () => {
  it("keeps an output that fits to the byte, and leaves out one that is a byte larger", () => {
    const emptyBytes = Buffer.byteLength(eventBody(resultEvent(aResult({ output: "" }), API)));
    const fits = eventBody(resultEvent(aResult({ output: "x".repeat(20_000 - emptyBytes) }), API));
    assert.equal(Buffer.byteLength(fits), 20_000);
    const left = bodyOf(aResult({ output: "x".repeat(20_001 - emptyBytes) }));
    assert.equal("output" in left.data, false);
    assert.equal(left.data.resultUrl, "https://api.example.com/v1/jobs/aaaaaaaaaaaaaaaaaaaa/result");
    assert.deepEqual(left.data.metadata, { order: "7" });
  });

  it("counts bytes, not characters", () => {
    assert.equal("output" in bodyOf(aResult({ output: "é".repeat(10_000) })).data, false);
  });

  it("leaves out metadata only when the body is too large without the output", () => {
    const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, "語".repeat(512)]));
    const event = bodyOf(aResult({ metadata }));
    assert.deepEqual(event.data.metadata, {});
    assert.deepEqual(event.data.tags, ["blue"]);
  });

  it("cuts an error message that alone is too large", () => {
    const event = bodyOf(aResult({ status: "failed", error: { code: "boom", message: "x".repeat(50_000) } }));
    assert.deepEqual(event.data.error, { code: "boom", message: "x".repeat(500) });
  });

  it("never exceeds 20,000 bytes and always parses as the protocol's event", () => {
    const text = (maxLength: number) => fc.string({ unit: "binary", maxLength });
    const results = fc.record({
      output: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
      tags: fc.array(text(64), { maxLength: 10 }),
      metadata: fc.dictionary(text(64), fc.constantFrom("", "x".repeat(512), "\u0001".repeat(512), "😀".repeat(256)), {
        maxKeys: 20,
      }),
      error: fc.record({ code: text(200), message: fc.constantFrom("", "\u0002".repeat(30_000)) }),
    });
    fc.assert(
      fc.property(results, (given) => {
        const body = eventBody(resultEvent(aResult(given), API));
        assert.ok(Buffer.byteLength(body) <= 20_000);
        JobEvent.parse(JSON.parse(body));
      }),
      { numRuns: 200 },
    );
  });
});
