import assert from "node:assert/strict";
import { BatonError } from "../../../client/src/index.ts";
import { nextWatched, type Watched, type WatchReport } from "../../../client/src/watched.ts";

const LOADING: Watched<string> = { state: "loading", isConnected: true };
const error = (code: string) => new BatonError(code, code);
const known = (...told: WatchReport<string>[]) => told.reduce(nextWatched<string>, LOADING);
const value = (text: string): WatchReport<string> => ({ kind: "value", value: text });
const failed = (code: string): WatchReport<string> => ({ kind: "error", error: error(code) });
const connection = (isConnected: boolean): WatchReport<string> => ({ kind: "connection", isConnected });

describe("the state of a hook", () => {
  for (const code of ["listener", "network", "unavailable"]) {
    it(`keeps the last value after ${code}, as one that may be old, until it is connected again`, () => {
      assert.deepEqual(known(value("a"), failed(code)), { state: "ready", value: "a", isConnected: false });
      assert.deepEqual(known(value("a"), failed(code), connection(true)), {
        state: "ready",
        value: "a",
        isConnected: true,
      });
    });
  }

  it("fails when there is no value yet, and recovers with the first one", () => {
    const watched = known(failed("listener"));
    assert.deepEqual([watched.state, watched.isConnected], ["failed", false]);
    assert.deepEqual(known(failed("listener"), connection(true), value("a")), {
      state: "ready",
      value: "a",
      isConnected: true,
    });
  });

  it("drops the value after an error that ends the watch, or a document that cannot be read", () => {
    for (const code of ["not-found", "unauthenticated", "malformed-document"]) {
      assert.equal(known(value("a"), failed(code)).state, "failed");
    }
  });

  it("keeps the value while the connection is away, and takes values of the cache", () => {
    assert.deepEqual(known(value("a"), connection(false), value("b")), {
      state: "ready",
      value: "b",
      isConnected: false,
    });
  });
});
