import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeChanges } from "../../../cli/src/files/write-changes.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

describe("writeChanges", () => {
  const folder = useTemporaryFolder("baton-cli-");
  const read = (path: string) => readFile(join(folder(), path), "utf8");

  it("creates, edits and deletes, and leaves nothing else", async () => {
    await mkdir(join(folder(), "a"));
    await writeFile(join(folder(), "a/edited"), "one");
    await writeFile(join(folder(), "a/deleted"), "one");
    await writeChanges(folder(), [
      { path: "a/edited", before: "one", after: "two" },
      { path: "a/deleted", before: "one", after: undefined },
      { path: "b/c/created", before: undefined, after: "new" },
    ]);
    assert.deepEqual((await readdir(folder(), { recursive: true })).sort(), [
      "a",
      "a/edited",
      "b",
      "b/c",
      "b/c/created",
    ]);
    assert.deepEqual([await read("a/edited"), await read("b/c/created")], ["two", "new"]);
  });

  it("deletes folders that a deletion leaves empty", async () => {
    await mkdir(join(folder(), "a/b"), { recursive: true });
    await writeFile(join(folder(), "a/b/deleted"), "one");
    await writeChanges(folder(), [{ path: "a/b/deleted", before: "one", after: undefined }]);
    assert.deepEqual(await readdir(folder()), []);
  });

  it("writes nothing when a file has changed since it was read", async () => {
    await writeFile(join(folder(), "first"), "one");
    await writeFile(join(folder(), "second"), "changed");
    const changes = [
      { path: "first", before: "one", after: "two" },
      { path: "second", before: "one", after: "two" },
    ];
    await assert.rejects(writeChanges(folder(), changes), { code: "file-changed" });
    assert.deepEqual([await read("first"), await readdir(folder())], ["one", ["first", "second"]]);
  });

  it("writes nothing when a folder is in the place of a file", async () => {
    await writeFile(join(folder(), "first"), "one");
    await mkdir(join(folder(), "taken"));
    await writeFile(join(folder(), "taken/inside"), "");
    const changes = [
      { path: "first", before: "one", after: "two" },
      { path: "new/file", before: undefined, after: "new" },
      { path: "taken", before: undefined, after: "a file in the place of a folder" },
    ];
    await assert.rejects(writeChanges(folder(), changes));
    assert.deepEqual((await readdir(folder(), { recursive: true })).sort(), ["first", "taken", "taken/inside"]);
    assert.equal(await read("first"), "one");
  });

  it("puts everything back when a file is gone before its turn", async () => {
    await writeFile(join(folder(), "first"), "one");
    await writeFile(join(folder(), "second"), "one");
    const deletion = { path: "second", before: "one", after: undefined };
    const changes = [
      { path: "first", before: "one", after: "two" },
      { path: "new/file", before: undefined, after: "new" },
      deletion,
      deletion,
    ];
    await assert.rejects(writeChanges(folder(), changes), { code: "ENOENT" });
    assert.deepEqual((await readdir(folder())).sort(), ["first", "second"]);
    assert.deepEqual([await read("first"), await read("second")], ["one", "one"]);
  });

  it("keeps a file's mode, and a symbolic link", async () => {
    await writeFile(join(folder(), "target"), "one");
    await chmod(join(folder(), "target"), 0o750);
    await symlink("target", join(folder(), "link"));
    await writeChanges(folder(), [{ path: "link", before: "one", after: "two" }]);
    assert.deepEqual([await read("target"), (await stat(join(folder(), "target"))).mode & 0o777], ["two", 0o750]);
  });
});
