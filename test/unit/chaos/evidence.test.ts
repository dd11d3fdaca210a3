import assert from "node:assert/strict";
import { webhooksByJob } from "../../chaos/evidence.ts";
import { kept } from "./kept.ts";

const { accepted } = kept();
const arrived = (path: string, id: string, body: string) => ({ path, headers: { "webhook-id": id }, body });

describe("the webhooks of a chaos run", () => {
  it("belong to the job at whose address they arrived, whatever they say", () => {
    const webhooks = webhooksByJob(accepted, [
      arrived("/key-of-short", "a", '{"type":"job.completed","data":{"jobId":"short"}}'),
      arrived("/key-of-stepped", "b", '{"type":"job.failed","data":{"jobId":"short"}}'),
      arrived("/key-of-short", "c", '{"type":"job.completed","data":{"jobId":"short"}}'),
      arrived("/elsewhere", "d", "nothing"),
    ]);
    assert.deepEqual(
      [...webhooks],
      [
        [
          "short",
          [
            { id: "a", event: "job.completed", jobId: "short" },
            { id: "c", event: "job.completed", jobId: "short" },
          ],
        ],
        ["stepped", [{ id: "b", event: "job.failed", jobId: "short" }]],
      ],
    );
  });

  it("break the run off when they are no events", () => {
    const name = "ZodError";
    assert.throws(() => webhooksByJob(accepted, [arrived("/key-of-short", "a", '{"type":"job.completed"}')]), { name });
  });
});
