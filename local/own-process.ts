import { homedir, tmpdir } from "node:os";
import { resolve } from "node:path";

/** Hosts that never lie behind a proxy. */
const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "::1", "[::1]"];

/**
 * Makes this process, and those it starts, work in environments that Node and Google's libraries do not foresee: a
 * proxy that is also asked for this machine, no HOME, a relative TMPDIR, a reader of the output that goes away. Call it
 * before anything else.
 */
export function prepareProcess(): void {
  const { env } = process;
  const direct = [...new Set([...(env.no_proxy ?? env.NO_PROXY ?? "").split(","), ...LOOPBACK_HOSTS])];
  env.no_proxy = direct.filter((host) => host !== "").join(",");
  env.NO_PROXY = env.no_proxy;
  env.TMPDIR = resolve(tmpdir());
  env.HOME ||= homeFolder();
  for (const stream of [process.stdout, process.stderr]) {
    // `npm start | head` reads no more: the cloud continues without output.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
}

function homeFolder(): string {
  try {
    return homedir();
  } catch {
    // A user id without an entry in the system's list of users, as in many containers.
    return tmpdir();
  }
}
