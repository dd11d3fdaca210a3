import type { ProblemIssue } from "@baton/protocol";
import { judgeCustomHeaders } from "../core/webhooks/custom-headers.ts";
import type { ApiPorts } from "./api-ports.ts";
import { pointerTo, summary } from "./issues.ts";
import type { Refusal } from "./problems.ts";

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
  ports: Pick<ApiPorts, "urlGuard" | "types" | "encryptsSecrets">,
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
export function checkEncryption({ encryptsSecrets }: Pick<ApiPorts, "encryptsSecrets">): Refusal | undefined {
  return encryptsSecrets ? undefined : NO_ENCRYPTION;
}

const NO_ENCRYPTION: Refusal = {
  code: "unavailable",
  detail:
    "This deployment has no key to encrypt secrets with, so it keeps none. " +
    "Ask its operator to set the secret WEBHOOK_ENCRYPTION_KEYS and to deploy again.",
};

function checkUrl({ urlGuard }: Pick<ApiPorts, "urlGuard">, url: string | undefined): Refusal | undefined {
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
function checkTypes({ types: known }: Pick<ApiPorts, "types">, types: readonly string[]): Refusal | undefined {
  const message = `must be one of: ${[...known.keys()].sort().join(", ")}`;
  const errors = types.flatMap((type, i) => (known.has(type) ? [] : [{ pointer: pointerTo("types", i), message }]));
  return errors.length === 0 ? undefined : invalid("unknown-job-type", errors);
}

function invalid(code: Refusal["code"], errors: ProblemIssue[]): Refusal {
  return { code, detail: summary(errors), errors };
}
