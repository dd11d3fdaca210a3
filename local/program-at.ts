import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";

/** State of a listening socket in `/proc/net/tcp`: TCP_LISTEN of the Linux kernel. */
const LISTENING = "0A";

/**
 * Names the program that listens on a port, as `node local/start.ts (process 4711)`. Undefined where the system does
 * not tell: elsewhere than on Linux, and for programs of other users.
 */
export async function programAt(port: number): Promise<string | undefined> {
  try {
    const tables = await Promise.all(
      ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
    );
    const inodes = new Set(tables.flatMap((table) => listenersOf(table, port)));
    if (inodes.size === 0) return undefined;
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      if (await holdsSocket(pid, inodes)) return `${await commandOf(pid)} (process ${pid})`;
    }
  } catch {
    // No such file system, or a process that ended meanwhile: the sentence does without a name.
  }
  return undefined;
}

/** The program and its first argument, as typed: `node local/start.ts`. */
async function commandOf(pid: string): Promise<string> {
  const [program = "", argument] = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
  return [basename(program), argument].filter(Boolean).join(" ");
}

/**
 * Inodes of the sockets that listen on the port. A row has: number, local `address:port` in hex, remote, state, and the
 * inode as tenth.
 */
function listenersOf(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.flatMap((row) => (row[1]?.endsWith(suffix) && row[3] === LISTENING && row[9] ? [row[9]] : []));
}

async function holdsSocket(pid: string, inodes: Set<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ""));
}
