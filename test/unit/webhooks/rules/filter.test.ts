import assert from "node:assert/strict";
import { wants } from "../../../../engine/src/webhooks/rules/filter.ts";

const ALL = { events: [], types: [] };

describe("an endpoint's filter", () => {
  it("lets everything through when it names nothing", () => {
    assert.equal(wants(ALL, "job.failed", "video.analysis"), true);
    assert.equal(wants(ALL, "endpoint.disabled"), true);
  });

  it("lets through only the events it names", () => {
    const endpoint = { ...ALL, events: ["job.failed" as const] };
    assert.equal(wants(endpoint, "job.failed", "video.analysis"), true);
    assert.equal(wants(endpoint, "job.completed", "video.analysis"), false);
    assert.equal(wants(endpoint, "endpoint.failing"), false);
  });

  it("lets through only jobs of the types it names, and events that are about no job", () => {
    const endpoint = { ...ALL, types: ["video.analysis"] };
    assert.equal(wants(endpoint, "job.completed", "video.analysis"), true);
    assert.equal(wants(endpoint, "job.completed", "video.render"), false);
    assert.equal(wants(endpoint, "endpoint.failing"), true);
  });

  it("always lets a test event through", () => {
    assert.equal(wants({ events: ["job.failed"], types: ["video.analysis"] }, "endpoint.test"), true);
  });
});
