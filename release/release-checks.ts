import { z } from "zod";

/** A release as it would be published. */
export interface Release {
  version: string;
  /** The changelog's section of the version. */
  notes: string;
}

/** The facts that a release is judged by. */
export interface ReleaseState {
  /** The `package.json` of each published workspace. */
  manifests: readonly unknown[];
  changelog: string;
  /** Output of `git status --porcelain`. */
  uncommitted: string;
  /** Names of all tags. */
  tags: readonly string[];
  /** Today, as `2026-11-27`. */
  today: string;
}

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
  dependencies: z.record(z.string(), z.string()).default({}),
});
type Manifest = z.infer<typeof Manifest>;

/**
 * Judges whether the packages may be published as they are. Answers the release, with one sentence for each thing that
 * forbids it, such as an uncommitted file, or a section of the changelog that has no date yet.
 */
export function judgeRelease(state: ReleaseState): { release: Release; problems: string[] } {
  const manifests = state.manifests.map((manifest) => Manifest.parse(manifest));
  const version = manifests[0]?.version ?? "";
  const { heading, notes } = sectionOf(state.changelog, version);
  const problems = [
    ...manifests.flatMap((manifest) => versionProblems(manifest, version, manifests)),
    ...changelogProblems(heading, version, state.today),
  ];
  if (state.uncommitted.trim() !== "") problems.push("There are changes that are not committed: commit or drop them.");
  if (state.tags.includes(`v${version}`)) problems.push(`The tag v${version} exists: choose the next version.`);
  return { release: { version, notes }, problems };
}

/** All packages have one version, and ask for exactly this one of each other: they are tried together alone. */
function versionProblems({ name, version, dependencies }: Manifest, wanted: string, all: readonly Manifest[]) {
  const problems = version === wanted ? [] : [`${name} has the version ${version}, others have ${wanted}.`];
  for (const other of all) {
    const asked = dependencies[other.name];
    if (asked === undefined || asked === other.version) continue;
    problems.push(`${name} asks for ${other.name} ${asked}, which is ${other.version}.`);
  }
  return problems;
}

function changelogProblems(heading: string | undefined, version: string, today: string): string[] {
  if (heading === undefined) return [`CHANGELOG.md has no section "## ${version}".`];
  if (heading === `## ${version} (${today})`) return [];
  return [`CHANGELOG.md dates the version by "${heading}": a release of today is "## ${version} (${today})".`];
}

/** The heading of a version in the changelog and the text below it. */
function sectionOf(changelog: string, version: string): { heading: string | undefined; notes: string } {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line === `## ${version}` || line.startsWith(`## ${version} `));
  if (start < 0) return { heading: undefined, notes: "" };
  const end = lines.findIndex((line, at) => at > start && line.startsWith("## "));
  return {
    heading: lines[start],
    notes: lines
      .slice(start + 1, end < 0 ? undefined : end)
      .join("\n")
      .trim(),
  };
}
