import assert from "node:assert/strict";
import { measureJson } from "../../../engine/src/kit/measure-json.ts";

const LIMITS = { depth: 3, containers: 4, names: 3, values: 8 };

describe("measureJson", () => {
  const cases: [value: string, fault: string | undefined, pointer?: string][] = [
    ["null", undefined],
    ['"text"', undefined],
    ["[[[]]]", undefined],
    ["[[[[]]]]", "depth", "/0/0/0"],
    ['{"a":[1,{"b/c":{}}]}', "depth", "/a/1/b~1c"],
    ["[[],[],[]]", undefined],
    ["[[],[],[],[]]", "containers"],
    ['{"a":1,"b":2,"c":3}', undefined],
    ['{"a":1,"b":2,"c":3,"d":4}', "names"],
    ["[1,2,3,4,5,6,7]", undefined],
    ["[1,2,3,4,5,6,7,8]", "values"],
    ['{"__proto__":1}', "proto", "/__proto__"],
    ['[1,{"a":{"__proto__":[]}}]', "proto", "/1/a/__proto__"],
  ];
  for (const [value, kind, pointer = ""] of cases) {
    it(`finds ${kind ?? "nothing"} in ${value}`, () => {
      assert.deepEqual(measureJson(JSON.parse(value), LIMITS), kind && { kind, pointer });
    });
  }
});
