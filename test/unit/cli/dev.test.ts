import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../cli/src/program.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

describe("baton dev", () => {
  const folder = useTemporaryFolder("baton-dev-");

  for (const place of [".", "functions"]) {
    it(`runs the local cloud that is installed in ${place}, with its options`, async () => {
      const local = join(folder(), place, "node_modules/@baton/local");
      await mkdir(local, { recursive: true });
      await mkdir(join(folder(), "web"));
      await writeFile(join(folder(), "firebase.json"), '{ "functions": { "source": "functions" } }');
      await writeFile(
        join(local, "package.json"),
        '{ "name": "@baton/local", "type": "module", "exports": "./index.js" }',
      );
      const code = "export const runDev = async (options) => { globalThis.ranWith = options; return 7; };";
      await writeFile(join(local, "index.js"), code);
      const { terminal, warned } = fakeTerminal();
      const cwd = join(folder(), "web");
      const gcloud = { run: async () => ({ outcome: "missing" }) as const };
      const secrets = () => ({ hasValue: async () => true, add: async () => undefined });
      const argv = ["--ports", "auto", "--json", "--help", "--version"];
      assert.equal(await run(["dev", ...argv], { terminal, gcloud, secrets, cwd, env: {} }), 7);
      assert.deepEqual([Reflect.get(globalThis, "ranWith"), warned], [{ cwd, argv }, []]);
    });
  }
});
