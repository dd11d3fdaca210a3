import assert from "node:assert/strict";
import { chooseType } from "../../../web/src/console/choose-type.ts";

describe("the job type of the form", () => {
  it("is the one that was asked for", () => {
    assert.equal(chooseType("echo", ["image.resize"], ["image.resize", "echo"]), "echo");
  });

  it("is the first with a form of its own that the deployment has", () => {
    assert.equal(chooseType(undefined, ["gone", "image.resize"], ["echo", "image.resize"]), "image.resize");
  });

  it("is the first with a form of its own while the deployment's types are not known", () => {
    assert.equal(chooseType(undefined, ["image.resize"], undefined), "image.resize");
  });

  it("is the deployment's first one when none has a form of its own", () => {
    assert.equal(chooseType(undefined, ["gone"], ["echo", "order"]), "echo");
  });

  it("is none when there is none, or none is known", () => {
    assert.deepEqual([chooseType(undefined, [], []), chooseType(undefined, [], undefined)], [undefined, undefined]);
  });
});
