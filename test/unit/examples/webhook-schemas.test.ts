import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_EVENT_BYTES, WebhookEvent, WebhookEventType } from "@baton/protocol";
import { z } from "zod";
import { webhookSchemas } from "../../../docs/webhook-schemas/write-schemas.ts";

const FOLDER = join(import.meta.dirname, "../../../docs/webhook-schemas");

function readJson(file: string) {
  return JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
}

describe("docs/webhook-schemas", () => {
  it("has a schema and an example of every event, and nothing else", () => {
    const files = WebhookEventType.options.flatMap((type) => [`${type}.schema.json`, `${type}.example.json`]);
    assert.deepEqual(readdirSync(FOLDER).sort(), [...files, "write-schemas.ts"].sort());
  });

  it("allows a completed job without the output that was too large", () => {
    const { data, ...event } = readJson("job.completed.example.json");
    const { output: _, ...small } = data;
    assert.ok(z.fromJSONSchema(readJson("job.completed.schema.json")).safeParse({ ...event, data: small }).success);
  });

  for (const type of WebhookEventType.options) {
    it(`has the schema of ${type} as it is now: else run write-schemas.ts`, () => {
      assert.deepEqual(readJson(`${type}.schema.json`), webhookSchemas().get(type));
    });

    it(`has an example of ${type} that this version sends and that its schema allows`, () => {
      const example = readJson(`${type}.example.json`);
      assert.equal(example.type, type);
      assert.deepEqual(WebhookEvent.parse(example), example, "no field is unknown");
      assert.ok(Buffer.byteLength(JSON.stringify(example)) < MAX_EVENT_BYTES);
      z.fromJSONSchema(readJson(`${type}.schema.json`)).parse(example);
    });

    it(`has a schema of ${type} that refuses other events, and allows fields that may come`, () => {
      const schema = z.fromJSONSchema(readJson(`${type}.schema.json`));
      const example = readJson(`${type}.example.json`);
      assert.equal(schema.safeParse({ ...example, type: "job.started" }).success, false);
      assert.equal(schema.safeParse({ ...example, data: {} }).success, false);
      assert.equal(schema.safeParse({ ...example, timestamp: 1 }).success, false);
      assert.equal(schema.safeParse({ ...example, more: 1, data: { ...example.data, more: 1 } }).success, true);
    });
  }
});
