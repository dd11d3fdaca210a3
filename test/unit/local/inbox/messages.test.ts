import assert from "node:assert/strict";
import { createInboxStore, groupMessages } from "../../../../local/inbox/messages.ts";
import { aMessage } from "./messages.ts";

describe("the inbox's messages", () => {
  it("lists those of one job, or of one path, in the order they came", () => {
    const store = createInboxStore();
    for (const [jobId, path] of [
      ["j1", "/a"],
      ["j2", "/a"],
      ["j1", "/b"],
    ] as const)
      store.add(aMessage({ jobId, path }));
    const numbers = (filter: object) => store.list(filter).map(({ number }) => number);
    assert.deepEqual(
      [numbers({ jobId: "j1" }), numbers({ path: "/a" }), numbers({ jobId: "j1", path: "/a" })],
      [[1, 3], [1, 2], [1]],
    );
  });

  it("keeps the newest 500", () => {
    const store = createInboxStore();
    for (let count = 0; count < 501; count++) store.add(aMessage());
    const numbers = store.list().map(({ number }) => number);
    assert.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [500, 2, 501]);
  });

  it("groups by webhook-id, the group with the newest message first, and leaves one without it alone", () => {
    const [a, b] = [{ "webhook-id": "a" }, { "webhook-id": "b" }];
    const messages = [a, b, {}, a, {}].map((headers, index) => aMessage({ number: index + 1, headers }));
    assert.deepEqual(
      groupMessages(messages).map(({ webhookId, attempts }) => [webhookId, attempts.map(({ number }) => number)]),
      [
        [undefined, [5]],
        ["a", [1, 4]],
        [undefined, [3]],
        ["b", [2]],
      ],
    );
  });
});
