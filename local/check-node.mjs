// Loaded before the programs of the local cloud, which are TypeScript: an old Node does not even read them, and says so
// in its own words. The package `node` of this repository brings the right one by an install script; without it the
// Node of the system runs.
const NEEDED = 24;

if (Number(process.versions.node.split(".")[0]) < NEEDED) {
  console.error(
    `Baton's programs need Node ${NEEDED}; this is Node ${process.versions.node}.\n` +
      "npm installs it with this repository, by a script of the package `node`, which did not run: is ignore-scripts set?\n" +
      "Run: npm rebuild --ignore-scripts=false node esbuild",
  );
  process.exit(1);
}
