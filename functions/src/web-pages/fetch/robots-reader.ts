import { type Answer, failureOfAnswer, MAX_REDIRECTS, redirectOf, type SendRequest } from "./answers.ts";
import { type FetchFailure, failure, failureOfStatus } from "./fetch-failures.ts";
import { MAX_ROBOTS_BYTES, type Robots, robotsOf } from "./robots.ts";

/** Text of a robots.txt that is kept from step to step; a longer one is read again. */
const MAX_KEPT_ROBOTS = 50_000;

/** Reads robots.txt files, each once. */
export interface RobotsReader {
  /** Reads the robots.txt of a URL's host; the failure where it cannot be had. */
  robots(url: string, signal: AbortSignal): Promise<Robots | FetchFailure>;
  /** The files read so far, by origin. */
  known(): Record<string, string>;
}

/** Makes a reader that knows the files in `known`, by origin. */
export function robotsReader(request: SendRequest, known: Readonly<Record<string, string>>): RobotsReader {
  const texts = new Map(Object.entries(known));
  const read = new Map([...texts].map(([origin, text]) => [origin, robotsOf(`${origin}/robots.txt`, text)]));
  return {
    async robots(url, signal) {
      const { origin } = new URL(url);
      const earlier = read.get(origin);
      if (earlier) return earlier;
      const text = await robotsText(request, `${origin}/robots.txt`, signal);
      if (typeof text !== "string") return text;
      const made = robotsOf(`${origin}/robots.txt`, text);
      read.set(origin, made);
      if (text.length <= MAX_KEPT_ROBOTS) texts.set(origin, text);
      return made;
    },
    known: () => Object.fromEntries(texts),
  };
}

/** Without a robots.txt everything is allowed; with one that cannot be had, nothing is. */
async function robotsText(
  request: SendRequest,
  robotsUrl: string,
  signal: AbortSignal,
): Promise<string | FetchFailure> {
  let url = robotsUrl;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!/^https?:/.test(url)) return failure("robots-unavailable");
    const answer = await request(url, { maxBytes: MAX_ROBOTS_BYTES, signal }, "text/plain,*/*;q=0.1", 0);
    if (answer.outcome !== "answered") return hop === 0 ? failureOfAnswer(answer) : failure("robots-unavailable");
    const target = redirectOf(answer, url);
    if (target === undefined) return textOfRobots(answer);
    url = target;
  }
  return "";
}

function textOfRobots({ status, headers, bytes }: Answer): string | FetchFailure {
  const failed = failureOfStatus(status, headers);
  if (failed && (status >= 500 || status === 429))
    return failure("robots-unavailable", `status ${status}`, failed.retryAfterMs);
  // A page of HTML in its place is a site's answer to everything, and no robots.txt.
  const text = failed ? "" : new TextDecoder().decode(bytes);
  return /^\s*</.test(text) ? "" : text;
}
