import assert from "node:assert/strict";
import { measureJson } from "../../../functions/src/core/measure-json.ts";

const LIMITS = { depth: 3, containers: 4, names: 3, values: 8 };

describe("measureJson", () => {
  const cases: [value: string, fault: string | undefined][] = [
    ["null", undefined],
    ['"text"', undefined],
    ["[[[]]]", undefined],
    ["[[[[]]]]", "depth"],
    ['{"a":[{"b":{}}]}', "depth"],
    ["[[],[],[]]", undefined],
    ["[[],[],[],[]]", "containers"],
    ['{"a":1,"b":2,"c":3}', undefined],
    ['{"a":1,"b":2,"c":3,"d":4}', "names"],
    ["[1,2,3,4,5,6,7]", undefined],
    ["[1,2,3,4,5,6,7,8]", "values"],
    ['{"__proto__":1}', "proto"],
    ['[{"a":{"__proto__":[]}}]', "proto"],
  ];
  for (const [value, fault] of cases) {
    it(`finds ${fault ?? "nothing"} in ${value}`, () => {
      assert.equal(measureJson(JSON.parse(value), LIMITS), fault);
    });
  }
});
