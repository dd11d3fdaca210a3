import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Start } from "../cloud-parts.ts";
import { callRest } from "../rest.ts";
import { watchFolder } from "./watch-folder.ts";

/** Gives the Firestore emulator its security rules again whenever their file is saved. Ends with the cloud. */
export async function followRules(start: Start, path: string): Promise<void> {
  const folder = dirname(path);
  const watched = await watchFolder(folder, {
    isIgnored: (changed) => changed !== path,
    onChange: () => void sendRules(start, path),
  });
  await start.scope.add(() => watched.close());
}

async function sendRules({ hidden, options, log, signal }: Start, path: string): Promise<void> {
  const { host, port } = hidden.firestore;
  try {
    const content = await readFile(path, "utf8");
    const body = { rules: { files: [{ name: basename(path), content }] } };
    const url = `/emulator/v1/projects/${options.project.projectId}:securityRules`;
    const headers = { authorization: "Bearer owner" };
    const { status, text } = await callRest(`${host}:${port}`, { method: "PUT", path: url, headers, body, signal });
    log("reload", status === 200 ? `${basename(path)} is in force` : `${basename(path)} is refused: ${text}`);
  } catch (error) {
    // A file between two writes, or a cloud that stops: the next save tries again.
    if (!signal.aborted) log("reload", `${basename(path)} could not be read: ${String(error)}`);
  }
}
