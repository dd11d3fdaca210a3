import { posix } from "node:path";
import { ENGINE, npmPrefix, readPackage, sdkProblem } from "../../edits/dependency.ts";
import type { ProjectFiles } from "../../files/project-files.ts";
import type { Project } from "../../project/project.ts";
import { MIN_NODE, VERSION } from "../../versions.ts";
import { byHand, type Finding } from "../finding.ts";

const SCOPE = "@baton/";

/** Checks that all packages of Baton in the project are of one release, that of this command, and that Node can run them. */
export function checkVersions(files: ProjectFiles, project: Project): Finding[] {
  const { codebase, config } = project;
  const folders = new Set(["", codebase.source, ...config.codebases.map(({ source }) => source)]);
  return [
    ...[...folders].flatMap((folder) => checkDependencies(files, posix.join(folder, "package.json"))),
    ...checkInstalled(files, project),
    ...checkSdk(project),
    ...checkRuntime(project),
  ];
}

function checkDependencies(files: ProjectFiles, path: string): Finding[] {
  const text = files.read(path);
  if (text === undefined) return [];
  const { dependencies, devDependencies } = readPackage(text, path);
  const all = Object.entries({ ...dependencies, ...devDependencies });
  const others = all.filter(
    ([name, range]) => name.startsWith(SCOPE) && versionOf(range) !== undefined && versionOf(range) !== VERSION,
  );
  return others.map(([name, range]) =>
    differ(`${path} asks for ${name} ${range}; this command is ${VERSION}.`, path, name),
  );
}

function checkInstalled(files: ProjectFiles, { codebase }: Project): Finding[] {
  const places = [codebase.source, ""].map((folder) => posix.join(folder, "node_modules", ENGINE, "package.json"));
  const found = places.find((path) => files.read(path) !== undefined);
  if (found === undefined) {
    return [
      {
        code: "versions.not-installed",
        severity: "warning",
        message: `${ENGINE} is not installed in ${codebase.source || "."}.`,
        ifLeft: "The functions do not run on this machine. A deploy installs it by itself.",
        fix: byHand(`npm install${npmPrefix(codebase.source)}`),
      },
    ];
  }
  const { version } = readPackage(files.read(found) ?? "{}", found);
  if (version === VERSION) return [];
  return [differ(`${found} is version ${String(version)}; this command is ${VERSION}.`, codebase.packagePath, ENGINE)];
}

function differ(message: string, path: string, name: string): Finding {
  return {
    code: "versions.differ",
    severity: "warning",
    message,
    ifLeft: "Rules, indexes and functions may belong to different releases.",
    fix: byHand(`npm install${npmPrefix(posix.dirname(path))} ${name}@${VERSION}`),
  };
}

/** The version in a range such as `^1.2.3`; undefined for a tarball, a tag or a folder. */
function versionOf(range: string): string | undefined {
  return /^[\^~=v]*(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
}

function checkSdk({ codebase }: Project): Finding[] {
  const message = sdkProblem(codebase.package, codebase.packagePath);
  if (message === undefined) return [];
  return [
    {
      code: "versions.sdk-old",
      severity: "error",
      message,
      ifLeft: "npm refuses to install the engine, or the deploy does not find its functions.",
      fix: byHand(`npm install${npmPrefix(codebase.source)} firebase-functions@latest`),
    },
  ];
}

function checkRuntime({ codebase }: Project): Finding[] {
  const asked = codebase.runtime ?? codebase.package.engines?.node ?? "";
  const major = Number(/\d+/.exec(asked)?.[0] ?? Number.NaN);
  if (Number.isNaN(major) || major >= MIN_NODE) return [];
  const place = codebase.runtime === undefined ? `"engines" in ${codebase.packagePath}` : '"runtime" in firebase.json';
  return [
    {
      code: "runtime.old",
      severity: "error",
      message: `${place} asks for Node ${major}; Baton's functions need ${MIN_NODE} or later.`,
      ifLeft: "The functions do not start after a deploy.",
      fix: byHand(`Set ${place} to ${codebase.runtime === undefined ? `"${MIN_NODE}"` : `"nodejs${MIN_NODE}"`}.`),
    },
  ];
}
