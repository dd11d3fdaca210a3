import assert from "node:assert/strict";
import { z } from "zod";
import { type Catalogs, RESERVED_PATHS } from "../../../engine/src/job-types/catalogs.ts";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { anApi } from "../api/an-api.ts";

const define = (type: string, catalogs: Catalogs) =>
  defineJob({ type, input: z.string(), output: z.null(), run: async () => null, catalogs });
const typesOf = (...types: ReturnType<typeof define>[]) => new Map(types.map((type) => [type.type, type]));

describe("a catalog of a job type", () => {
  it("is a list at a path of its own, of all job types that have one", async () => {
    const types = typesOf(
      define("cut.paper", { "paper-sizes": [{ name: "a4", width: 210 }] }),
      define("cut.card", { "paper-sizes": [{ name: "a6", width: 105 }] }),
      define("fold.paper", {}),
    );
    const { status, body } = await anApi({ types }).call("GET", "/v1/paper-sizes", { as: "alice" });
    const sizes = [
      { type: "cut.paper", name: "a4", width: 210 },
      { type: "cut.card", name: "a6", width: 105 },
    ];
    assert.deepEqual([status, body], [200, { "paper-sizes": sizes }]);
  });

  it("needs a token, as the rest of the API", async () => {
    const api = anApi({ types: typesOf(define("cut.paper", { sizes: [] })) });
    assert.equal((await api.call("GET", "/v1/sizes")).status, 401);
  });

  it("is an operation of the OpenAPI document", async () => {
    const api = anApi({ types: typesOf(define("cut.paper", { "paper-sizes": [] })) });
    const { body } = await api.call("GET", "/openapi.json");
    assert.equal(body.paths["/v1/paper-sizes"].get.operationId, "listPaperSizes");
  });

  it("cannot have a path that the API has itself", async () => {
    const { body } = await anApi().call("GET", "/openapi.json");
    const paths = Object.keys(body.paths).flatMap((path) => /^\/v1\/([^/]+)/.exec(path)?.[1] ?? []);
    assert.deepEqual([...new Set(paths)].sort(), RESERVED_PATHS);
    for (const path of RESERVED_PATHS) {
      assert.throws(() => define("cut.paper", { [path]: [] }), /the API has \/v1\/\S+ itself; rename the catalog/);
    }
  });

  const wrong: [Catalogs, RegExp][] = [
    [{ Sizes: [] }, /"cut\.paper": "Sizes" is not a name of a catalog/],
    [{ "../jobs": [] }, /is not a name of a catalog/],
    [{ sizes: { name: "a4" } as never }, /the catalog sizes is not a list of JSON objects/],
    [{ sizes: ["a4" as never] }, /is not a list of JSON objects/],
    [{ sizes: [{ since: new Date(0) as never }] }, /is not a list of JSON objects/],
  ];
  for (const [catalogs, message] of wrong) {
    it(`throws at the definition for ${JSON.stringify(catalogs)}`, () => {
      assert.throws(() => define("cut.paper", catalogs), message);
    });
  }
});
