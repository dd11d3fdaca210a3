import { type JobContext, PermanentError } from "@baton/engine";
import { z } from "zod";
import { answers } from "../profile/profile-cache.ts";
import { CompanyProfile, type CompanyScrapeInput } from "../schemas.ts";
import type { ScrapePorts } from "./ports.ts";

/** The longest wait for a turn. */
const MAX_WAIT_MS = 60 * 60_000;

const Look = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("kept"), profile: CompanyProfile }),
  z.object({ outcome: z.literal("turn") }),
  z.object({ outcome: z.literal("waits"), afterMs: z.number() }),
]);
type Look = z.infer<typeof Look>;

/**
 * Waits until a kept profile answers, or it is the job's turn to read the site. The job sleeps meanwhile, and takes no
 * place of a worker. Each attempt asks anew. Throws a `PermanentError` `site-busy` after an hour, and where too many jobs
 * wait.
 */
export async function waitForSite(
  { step, sleep, progress, jobId, attempt }: Pick<JobContext, "step" | "sleep" | "progress" | "jobId" | "attempt">,
  ports: ScrapePorts,
  domain: string,
  input: CompanyScrapeInput,
): Promise<CompanyProfile | undefined> {
  let waitedMs = 0;
  for (let look = 1; waitedMs <= MAX_WAIT_MS; look++) {
    const name = `turn ${attempt}.${look}`;
    const found = await step(name, () => lookAtSite(ports, domain, jobId, input), { output: Look });
    if (found.outcome === "kept") return found.profile;
    if (found.outcome === "turn") return undefined;
    progress(0.01, "waits for other jobs of the site");
    await sleep(found.afterMs, `sleep ${attempt}.${look}`);
    waitedMs += found.afterMs;
  }
  throw busy(`Other jobs have been reading ${domain} for an hour, and one may at a time.`);
}

async function lookAtSite(
  { profiles, sites, now }: ScrapePorts,
  domain: string,
  jobId: string,
  input: CompanyScrapeInput,
): Promise<Look> {
  const kept = input.freshness === "none" ? undefined : await profiles.read(domain);
  if (kept && answers(kept, { ...input, now: now() })) return { outcome: "kept", profile: kept.profile };
  const turn = await sites.ask(domain, jobId);
  if (turn.outcome === "full") throw busy(`Too many other jobs wait to read ${domain}, and one may at a time.`);
  return turn;
}

function busy(message: string): PermanentError {
  return new PermanentError("site-busy", message);
}
