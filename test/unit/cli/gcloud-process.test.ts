import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gcloudProcess } from "../../../cli/src/doctor/gcloud-process.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

describe("gcloudProcess", () => {
  const folder = useTemporaryFolder("baton-gcloud-");

  /** Runs a command with a program in the place of gcloud. */
  async function run(script: string, args: readonly string[] = [], input?: string) {
    const program = join(folder(), "gcloud");
    await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const command = { args, ...(input !== undefined && { input: { shown: "", make: () => input } }) };
    return gcloudProcess(program).run(command);
  }

  it("parses what gcloud prints, and asks for JSON without questions", async () => {
    assert.deepEqual(await run('printf \'["%s", "%s", "%s"]\' "$@"', ["version"]), {
      outcome: "ok",
      value: ["version", "--format=json", "--quiet"],
    });
    assert.deepEqual(await run("true"), { outcome: "ok", value: null });
  });

  it("hands over the input", async () => {
    assert.deepEqual(await run('printf \'"%s"\' "$(cat)"', [], "a secret"), { outcome: "ok", value: "a secret" });
  });

  it("gives gcloud's own first line of an error", async () => {
    const script = "echo 'warming up' >&2; echo 'ERROR: (gcloud.x) PERMISSION_DENIED' >&2; echo more >&2; exit 1";
    assert.deepEqual(await run(script), { outcome: "failed", reason: "ERROR: (gcloud.x) PERMISSION_DENIED" });
    assert.deepEqual(await run("exit 3"), { outcome: "failed", reason: "gcloud ended with exit code 3" });
    assert.equal((await run("echo nonsense")).outcome, "failed");
  });

  it("knows a login that is missing or has expired", async () => {
    for (const text of ["You do not currently have an active account selected.", "Reauthentication failed."]) {
      assert.deepEqual(await run(`echo '${text}' >&2; exit 1`), { outcome: "logged-out" });
    }
  });

  it("knows that gcloud is missing", async () => {
    assert.deepEqual(await gcloudProcess(join(folder(), "no-gcloud")).run({ args: [] }), { outcome: "missing" });
  });
});
