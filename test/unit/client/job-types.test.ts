import assert from "node:assert/strict";
import { z } from "zod";
import {
  type BatonClient,
  createBatonClient,
  type JobInput,
  type JobName,
  type JobOutput,
} from "../../../client/src/index.ts";
import { defineJob, type JobType } from "../../../engine/src/index.ts";

/** The job types of a team, declared as its `jobs/index.ts` declares them. */
const jobs = [
  defineJob({
    type: "image.resize",
    input: z.strictObject({ width: z.int(), format: z.enum(["png", "webp"]).default("png") }),
    output: z.object({ url: z.url() }),
    run: async () => ({ url: "https://example.com/1.png" }),
  }),
  defineJob({ type: "echo", input: z.string(), output: z.string(), run: async (_, text) => text }),
] as const satisfies readonly JobType[];

type Jobs = typeof jobs;

/** True when the compiler takes either type for the other. */
type Equal<A, B> = [A, B] extends [B, A] ? true : false;

const options = { apiUrl: "http://127.0.0.1:9", getToken: async () => "token" };

describe("the types of a client, from the deployment's list of job types", () => {
  it("has the names, inputs and outputs of the list", () => {
    const names: Equal<JobName<Jobs>, "image.resize" | "echo"> = true;
    const input: Equal<JobInput<Jobs, "image.resize">, { width: number; format?: "png" | "webp" | undefined }> = true;
    const output: Equal<JobOutput<Jobs, "image.resize">, { url: string }> = true;
    const text: Equal<JobInput<Jobs, "echo">, string> = true;
    assert.deepEqual([names, input, output, text], [true, true, true, true]);
  });

  it("refuses a wrong input, an input of another job type, and an unknown job type", () => {
    const client = createBatonClient<Jobs>(options);
    const calls = [
      () => client.submit("image.resize", { width: 100 }),
      // @ts-expect-error the width is a number
      () => client.submit("image.resize", { width: "100" }),
      // @ts-expect-error the width is missing
      () => client.submit("image.resize", {}),
      // @ts-expect-error there is no such format
      () => client.submit("image.resize", { width: 100, format: "gif" }),
      // @ts-expect-error the input of another job type
      () => client.submit("echo", { width: 100 }),
      // @ts-expect-error there is no such job type
      () => client.submit("image.rotate", { width: 100 }),
    ];
    assert.equal(calls.length, 6);
  });

  it("narrows a result to the output of its job type", () => {
    const client = createBatonClient<Jobs>(options);
    const result: Parameters<typeof client.isResultOf>[1] = {
      jobId: "abcdefghij0123456789",
      type: "image.resize",
      owner: "ada",
      status: "completed",
      output: { url: "https://example.com/1.png" },
      attempt: 1,
      durationMs: 5,
      createdAt: "2026-03-01T12:00:00.000Z",
    };
    assert.ok(client.isResultOf("image.resize", result));
    assert.equal(result.output?.url, "https://example.com/1.png");
    // @ts-expect-error the output has no such field
    assert.equal(result.output?.width, undefined);
    assert.equal(client.isResultOf("echo", { ...result, type: "image.resize" }), false);
  });

  it("takes any job type and any input without a list, and from a list without literal names", () => {
    const untyped = createBatonClient(options);
    const nameless: BatonClient<readonly JobType[]> = createBatonClient<readonly JobType[]>(options);
    const calls = [() => untyped.submit("anything", { of: 1 }), () => nameless.submit("anything", { of: 1 })];
    assert.equal(calls.length, 2);
  });
});
