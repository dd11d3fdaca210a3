import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Loads a second copy of Firestore's client, as a team's `firebase-admin` brings one beside the engine's. */
export function anotherFirestore(): typeof import("@google-cloud/firestore") {
  const isOfClient = (path: string) => path.includes("/@google-cloud/firestore/");
  const known = Object.entries(require.cache).filter(([path]) => isOfClient(path));
  for (const [path] of known) delete require.cache[path];
  try {
    return require("@google-cloud/firestore");
  } finally {
    Object.assign(require.cache, Object.fromEntries(known));
  }
}
