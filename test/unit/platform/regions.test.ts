import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");

/** Everything that runs or is deployed. Tests and documents may give examples. */
const SOURCES = [
  "engine",
  "functions",
  "protocol",
  "client",
  "local",
  "web",
  "infra/src",
  "infra/Pulumi.yaml",
  "firebase.json",
  ".firebaserc",
];

/** A region or multi-region of Google Cloud: https://cloud.google.com/about/locations */
const REGION = new RegExp(
  [
    String.raw`\b(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-`,
    String.raw`(?:central|(?:north|south)?(?:east|west)|north|south)\d{1,2}\b|\b(?:nam\d{1,2}|eur\d)\b`,
  ].join(""),
);

/** Firebase's own default, by which the local cloud addresses an app's functions. */
const DEFAULT = "local/manifest/default-region.ts";

describe("the region", () => {
  it("stands nowhere in the code but as Firebase's default: it is a parameter of each deployment", () => {
    const named = SOURCES.flatMap(filesOf).flatMap((file) =>
      readFileSync(join(repository, file), "utf8")
        .split("\n")
        .flatMap((line, i) => (REGION.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
    );
    assert.deepEqual(
      named.map((line) => line.split(":")[0]),
      [DEFAULT],
    );
  });

  it("is found by its name", () => {
    const regions = [
      "us-central1",
      "europe-west1",
      "asia-northeast1",
      "northamerica-northeast2",
      "europe-west12",
      "nam5",
      "eur3",
    ];
    assert.deepEqual(
      regions.filter((region) => !REGION.test(`const region = "${region}";`)),
      [],
    );
  });
});

function filesOf(path: string): string[] {
  if (statSync(join(repository, path)).isFile()) return [path];
  const files = readdirSync(join(repository, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1));
  return files.filter(
    (file) => !/(^|\/)(node_modules|dist[^/]*)\//.test(file) && /\.(ts|tsx|mjs|js|json|html|css)$/.test(file),
  );
}
