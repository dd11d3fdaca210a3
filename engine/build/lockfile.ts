/** One package as an npm lockfile (version 3) describes it; other fields pass through. */
interface LockedPackage {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  [field: string]: unknown;
}

/** An npm lockfile, as far as it matters here. */
export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

/** The fields read of a deployed folder's `package.json`. */
interface Manifest {
  name: string;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/**
 * Fields that say how the root came to have a package, or where from: in the deployed folder they differ, or name a
 * host.
 */
const LEFT_OUT = new Set(["dev", "devOptional", "optional", "peer", "resolved", "link", "extraneous"]);

/**
 * Takes the lockfile of a deployed folder out of the repository's own. It has the packages that `manifest` names and
 * all that they need, optional ones of every platform and required peers included. Each has the version and the
 * integrity of the repository. Names no registry. Throws when a package is missing, or when the workspace `from` has a
 * copy of its own that the root's would replace.
 */
export function lockfileOf(manifest: Manifest, root: Lockfile, from: string): object {
  const packages: Record<string, LockedPackage> = {};
  const waiting = Object.keys(manifest.dependencies).map((name) => ({ name, by: "", isNeeded: true }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const path = resolve(root, next.name, next.by);
    if (path === undefined) {
      if (next.isNeeded)
        throw new Error(`package-lock.json has no ${next.name}, which ${next.by || manifest.name} needs`);
      continue;
    }
    if (packages[path]) continue;
    if (root.packages[`${from}/${path}`])
      throw new Error(`${from} has its own copy of ${path}: the root's would be deployed`);
    const found = root.packages[path] ?? {};
    packages[path] = Object.fromEntries(Object.entries(found).filter(([field]) => !LEFT_OUT.has(field)));
    waiting.push(...needsOf(found, path));
  }
  const { name, ...rest } = manifest;
  const sorted = Object.fromEntries(Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { name, lockfileVersion: 3, requires: true, packages: { "": { name, ...rest }, ...sorted } };
}

/** The version of a package at the root of the repository. Throws when the lockfile has none. */
export function installedVersion(root: Lockfile, name: string): string {
  const version = root.packages[`node_modules/${name}`]?.version;
  if (version === undefined)
    throw new Error(`package-lock.json has no ${name}, which the build keeps outside the bundle`);
  return version;
}

function needsOf(found: LockedPackage, by: string) {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = found;
  const peers = Object.keys(peerDependencies).map((name) => ({
    name,
    by,
    isNeeded: !peerDependenciesMeta[name]?.optional,
  }));
  return [
    ...Object.keys(dependencies).map((name) => ({ name, by, isNeeded: true })),
    ...Object.keys(optionalDependencies).map((name) => ({ name, by, isNeeded: false })),
    // npm installs a required peer; an optional one comes only with another package that needs it.
    ...peers.filter(({ isNeeded }) => isNeeded),
  ];
}

/** Where Node finds a package from the one at path `by`: in its own `node_modules`, or in those above it. */
function resolve(root: Lockfile, name: string, by: string): string | undefined {
  for (let folder = by; ; ) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (root.packages[path]) return path;
    if (folder === "") return undefined;
    const end = folder.lastIndexOf("/node_modules/");
    folder = end === -1 ? "" : folder.slice(0, end);
  }
}
