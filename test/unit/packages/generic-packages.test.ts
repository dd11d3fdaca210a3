import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** Words of the job types of this deployment. */
const WORDS = /video|youtube|\bcomments?\b|scrape/i;

/** The view of a job type, and the list that names the views. */
const VIEWS =
  /^web\/src\/job-views\/(registry\.ts|video-analysis\/|company-scrape\/|content-generate\/|pipeline-run\/|media\/)/;

describe("the packages that other teams install", () => {
  for (const folder of ["protocol/src", "engine/src", "client/src", "web/src"]) {
    it(`have no word of this deployment's job types in ${folder}`, () => {
      const files = globSync(`${folder}/**/*.{ts,tsx,css}`, { cwd: ROOT }).filter((file) => !VIEWS.test(file));
      assert.ok(files.length > 5);
      const found = files.filter((file) => WORDS.test(readFileSync(join(ROOT, file), "utf8")));
      assert.deepEqual(found, []);
    });
  }
});
