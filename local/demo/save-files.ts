import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FinishedJob } from "./demo.ts";

/** A file of a job, as outputs name it. */
interface NamedFile {
  readonly name: string;
  readonly bytes: number;
}

/** Downloads files of a job into a folder of their own, which stays. Gives the folder. */
export async function saveFiles({ client, jobId }: FinishedJob, files: readonly NamedFile[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-demo-"));
  for (const { name } of files) {
    const file = await client.file(jobId, name);
    await writeFile(join(folder, name), Buffer.from(await file.arrayBuffer()));
  }
  return folder;
}

const NAME_WIDTH = 16;

/** Lists files with their sizes. */
export function fileLines(files: readonly NamedFile[]): string[] {
  return files.map(({ name, bytes }) => `${name.padEnd(NAME_WIDTH)}${Math.ceil(bytes / 1000)} kB`);
}
