import { z } from "zod";
import type { Gcloud } from "../doctor/gcloud.ts";
import type { Secrets } from "./make-missing-keys.ts";

const Listed = z.array(z.looseObject({ name: z.string() }));

/**
 * The secrets of `projectId`, by the login of gcloud. The instance of a function kit needs it: the Firebase CLI writes the
 * name of a secret in capitals before it stores a value, and so cannot store one under `kit-main-...`.
 */
export function gcloudSecrets(gcloud: Gcloud, projectId: string): Secrets {
  const list = async (...args: string[]) => {
    const answer = await gcloud.run({ args: [...args, `--project=${projectId}`] });
    if (answer.outcome === "ok") return Listed.parse(answer.value ?? []);
    throw new Error(`The secrets of ${projectId} cannot be listed: ${reasonOf(answer)}`);
  };
  const exists = async (name: string) =>
    (await list("secrets", "list")).some((secret) => secret.name.split("/").at(-1) === name);
  return {
    async hasValue(name) {
      if (!(await exists(name))) return false;
      return (await list("secrets", "versions", "list", name, "--filter=state=ENABLED")).length > 0;
    },
    async add(name, value) {
      const args = (await exists(name))
        ? ["secrets", "versions", "add", name]
        : ["secrets", "create", name, "--replication-policy=automatic"];
      const answer = await gcloud.run({
        args: [...args, "--data-file=-", `--project=${projectId}`],
        input: { shown: "a new random value", make: () => value },
      });
      if (answer.outcome !== "ok") throw new Error(`gcloud did not store ${name}: ${reasonOf(answer)}`);
    },
  };
}

function reasonOf(answer: { outcome: "missing" | "logged-out" } | { outcome: "failed"; reason: string }): string {
  if (answer.outcome === "failed") return answer.reason;
  return answer.outcome === "missing"
    ? "gcloud is not installed: https://cloud.google.com/sdk/docs/install"
    : "gcloud has no login: gcloud auth login";
}
