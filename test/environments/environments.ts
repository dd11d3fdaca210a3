import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** An environment a start must bear. */
export interface Environment {
  name: string;
  /** Name of the folder that holds the checkout. */
  folder?: string;
  /** Variables to set; `undefined` takes one away. */
  env?: NodeJS.ProcessEnv;
  /** The user it runs as, without an entry in the list of users; needs root. */
  uid?: number;
  /** Nothing in the checkout can be written to. */
  isReadOnly?: boolean;
  /** The reader of the output; default: one that reads all of it. */
  reader?: "closes-early";
  umask?: number;
  /** Two starts at the same time. */
  twice?: boolean;
  /** The message of the start where it cannot work; absent: it works. */
  refusal?: RegExp;
  prepare?(root: string): Promise<void>;
}

/** A user id that no system gives a name. */
const NAMELESS = 54_321;

/** A port that nothing listens on: the discard service, which no system runs any more. */
const DEAD_PROXY = "http://127.0.0.1:9";

const PROXY = {
  NODE_USE_ENV_PROXY: "1",
  http_proxy: DEAD_PROXY,
  https_proxy: DEAD_PROXY,
  HTTP_PROXY: DEAD_PROXY,
  no_proxy: "",
};

/** The environments of the trials; some hold several at once, since each start takes a while. */
export const ENVIRONMENTS: Environment[] = [
  {
    name: "an ASCII locale below a path with umlauts, spaces, brackets and #",
    folder: "grün [a] (b) #1 50%",
    env: { LANG: "C", LC_ALL: "C" },
  },
  { name: "a proxy for all hosts that never answers", env: PROXY },
  {
    name: "a read-only checkout of a nameless user without HOME, under umask 077",
    isReadOnly: true,
    uid: NAMELESS,
    umask: 0o077,
    env: { HOME: undefined },
  },
  {
    name: "a relative temporary folder",
    env: { TMPDIR: "tmp" },
    prepare: (root) => mkdir(join(root, "tmp"), { recursive: true }).then(() => {}),
  },
  { name: "a reader of the output that goes away", reader: "closes-early" },
  { name: "another start at the same time", twice: true },
  {
    name: "no Java",
    env: { PATH: "/nonexistent" },
    refusal: /need Java 17 or newer, and there is no java\.\nInstall one/,
  },
  {
    name: "a temporary folder that does not exist",
    env: { TMPDIR: "/nonexistent/tmp" },
    refusal: /The local cloud cannot write to \/nonexistent\/tmp; set TMPDIR to a folder that it may write to\./,
  },
];
