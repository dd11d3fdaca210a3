import type { ProblemIssue } from "@baton/protocol";
import { pointerTo, summary } from "../../http/issues.ts";
import type { Refusal } from "../../http/problems.ts";
import type { JobType } from "../../job-types/define-job.ts";
import type { UrlGuard } from "../ports.ts";
import { judgeCustomHeaders } from "../rules/custom-headers.ts";

/** What of an endpoint its form alone does not say to be right; absent fields are not asked for. */
export interface EndpointWish {
  url?: string | undefined;
  types?: readonly string[] | null | undefined;
  headers?: Record<string, string> | null | undefined;
}

/**
 * Judges where an endpoint's webhooks are to go, which job types it names, and its custom headers, on creation and on change
 * alike. Answers the headers as they are kept: names in lower case, sorted.
 */
export function checkEndpoint(
  ports: { urlGuard: UrlGuard; types: ReadonlyMap<string, JobType>; encryptsSecrets: boolean },
  { url, types, headers }: EndpointWish,
): { headers: Record<string, string> } | Refusal {
  const refusal = checkUrl(ports, url) ?? checkTypes(ports, types ?? []);
  if (refusal) return refusal;
  const judged = judgeCustomHeaders(headers ?? {});
  if (judged.outcome === "allowed") return { headers: judged.headers };
  const pointer = judged.header === undefined ? "/headers" : pointerTo("headers", judged.header);
  return invalid("invalid-request", [{ pointer, message: judged.message }]);
}

/** Says that nothing secret can be kept, where that is so. */
export function checkEncryption({ encryptsSecrets }: { encryptsSecrets: boolean }): Refusal | undefined {
  return encryptsSecrets ? undefined : NO_ENCRYPTION;
}

const NO_ENCRYPTION: Refusal = {
  code: "unavailable",
  detail:
    "This deployment has no key to encrypt secrets with, so it keeps none. " +
    "Ask its operator to set the secret WEBHOOK_ENCRYPTION_KEYS and to deploy again.",
};

function checkUrl({ urlGuard }: { urlGuard: UrlGuard }, url: string | undefined): Refusal | undefined {
  if (url === undefined) return undefined;
  const verdict = urlGuard.judge(url);
  if (verdict.outcome === "allowed") return undefined;
  return {
    code: "webhook-url-refused",
    detail: verdict.message,
    errors: [{ pointer: "/url", message: verdict.message }],
  };
}

/** A misspelt type would silently never match. */
function checkTypes(
  { types: known }: { types: ReadonlyMap<string, JobType> },
  types: readonly string[],
): Refusal | undefined {
  const message = `must be one of: ${[...known.keys()].sort().join(", ")}`;
  const errors = types.flatMap((type, i) => (known.has(type) ? [] : [{ pointer: pointerTo("types", i), message }]));
  return errors.length === 0 ? undefined : invalid("unknown-job-type", errors);
}

function invalid(code: Refusal["code"], errors: ProblemIssue[]): Refusal {
  return { code, detail: summary(errors), errors };
}
