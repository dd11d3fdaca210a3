import type { ProblemIssue } from "@baton/protocol";
import type { JobType } from "../../job-types/define-job.ts";
import { pointerTo, summary } from "../../kit/issues.ts";
import type { Refusal } from "../../kit/refusal.ts";
import type { UrlGuard } from "../egress/ports.ts";
import { checkCustomHeaders } from "../rules/custom-headers.ts";

/** The fields of an endpoint that a schema alone cannot check. Absent fields are not checked. */
export interface EndpointFields {
  url?: string | undefined;
  types?: readonly string[] | null | undefined;
  headers?: Record<string, string> | null | undefined;
}

/**
 * Checks the URL, the job types and the custom headers of an endpoint, on creation and on change. Answers the headers
 * as they are stored, names in lower case and sorted, or the refusal.
 */
export function checkEndpoint(
  ports: { urlGuard: UrlGuard; types: ReadonlyMap<string, JobType>; encryptsSecrets: boolean },
  { url, types, headers }: EndpointFields,
): { headers: Record<string, string> } | Refusal {
  const refusal = checkUrl(ports, url) ?? checkTypes(ports, types ?? []);
  if (refusal) return refusal;
  const checked = checkCustomHeaders(headers ?? {});
  if (checked.outcome === "allowed") return { headers: checked.headers };
  return invalid("invalid-request", [{ pointer: pointerTo("headers", checked.header), message: checked.message }]);
}

/** Refuses to store a secret in a deployment that cannot encrypt it. */
export function checkEncryption({ encryptsSecrets }: { encryptsSecrets: boolean }): Refusal | undefined {
  return encryptsSecrets ? undefined : NO_ENCRYPTION;
}

const NO_ENCRYPTION: Refusal = {
  code: "unavailable",
  detail:
    "This deployment has no key to encrypt secrets with, so it stores none. " +
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

/** Refuses unknown types: a misspelt one would never match, without an error. */
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
