import assert from "node:assert/strict";
import { createChildren } from "../../../local/children.ts";
import { isAlive } from "../../../local/is-alive.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("the processes of a cloud", () => {
  it("end when asked to, also one that stands still and one behind a wrapper script", async () => {
    const lines: string[] = [];
    const children = createChildren((_name, line) => lines.push(line));
    const wrapped = '"$0" -e "console.log(process.pid); setInterval(() => {}, 1000)"; echo "the wrapper goes on"';
    const child = children.start({
      name: "wrapped",
      file: "/bin/sh",
      args: ["-c", wrapped, process.execPath],
      env: {},
    });
    const inner = Number(await waitFor("the process behind the wrapper", async () => lines[0]));
    assert.notEqual(inner, child.pid);
    child.kill("SIGSTOP");
    await children.stopAll();
    assert.equal(isAlive(child.pid), false);
    await waitFor("the end of the process behind the wrapper", async () => !isAlive(inner));
    assert.equal(await child.ended, "signal SIGTERM");
  });
});
