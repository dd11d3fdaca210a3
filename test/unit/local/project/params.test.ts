import assert from "node:assert/strict";
import { LocalCloudError } from "../../../../local/problem.ts";
import { Param, resolveParams, resolveValues } from "../../../../local/project/params.ts";

const param = (name: string, more: object = {}) => Param.parse({ name, ...more });

describe("a codebase's parameters", () => {
  it("have the value of a variable, else their default, which may name another parameter", () => {
    const params = [
      param("REGION", { default: "us-east1" }),
      param("MOST", { type: "int", default: 3 }),
      param("BUCKET", { default: "{{ params.PROJECT_ID }}-{{ params.REGION }}" }),
      param("LIST", { type: "list", default: ["a", "b"] }),
      param("KEY", { type: "secret" }),
    ];
    assert.deepEqual(resolveValues(params, { REGION: "eu" }, "demo-shop").declared, {
      REGION: "eu",
      MOST: "3",
      BUCKET: "demo-shop-eu",
      LIST: '["a","b"]',
    });
  });

  it("are named in one sentence where they have no value; Baton's region has one", () => {
    const params = [param("BATON_REGION"), param("FIRST"), param("SECOND")];
    const refused = (error: unknown) => error instanceof LocalCloudError && /: FIRST=, SECOND=$/.test(error.message);
    assert.throws(() => resolveValues(params, {}, "demo-shop"), refused);
  });

  it("stand in every setting of a manifest: whole, within a text, compared, and as a choice", () => {
    const values = { R: "eu", N: "3", B: "true" };
    const manifest = {
      whole: "{{ params.R }}",
      number: "{{ params.N }}",
      within: ["bucket-{{ params.R }}", 5, null],
      compared: "{{ params.N >= 3 }}",
      chosen: '{{ params.R == "eu" ? "europe-west1" : "us-east1" }}',
      by: "{{ params.B == true ? 1 : 0 }}",
    };
    assert.deepEqual(resolveParams(manifest, values), {
      whole: "eu",
      number: 3,
      within: ["bucket-eu", 5, null],
      compared: true,
      chosen: "europe-west1",
      by: 1,
    });
  });
});
