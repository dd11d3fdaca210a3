import { withDeadline } from "../kit/deadline.ts";
import type { ApiPorts } from "./api-app.ts";

/**
 * How long one call to a port may take. The function has 60 s for a request, and a submission makes the most calls:
 * token, store, publisher (which gives up after 10 s) and store again.
 */
const DEADLINE_MS = 12_000;

/** Puts a deadline on the API's ports, so that a service that does not answer ends a request with 503 after 12 s. */
export function withDeadlines(ports: ApiPorts): ApiPorts {
  const limited = <Port extends object>(service: string, port: Port) => withDeadline(service, DEADLINE_MS, port);
  const { ownerSecrets, files } = ports;
  return {
    ...ports,
    tokens: limited("the token verifier", ports.tokens),
    rateLimiter: limited("the rate limiter", ports.rateLimiter),
    jobs: limited("the job store", ports.jobs),
    engine: limited("the job store or the publisher", ports.engine),
    publisher: limited("the publisher", ports.publisher),
    erasures: limited("the erasure store", ports.erasures),
    endpoints: limited("the endpoint store", ports.endpoints),
    deliveries: limited("the delivery store", ports.deliveries),
    recoveries: limited("the recovery store", ports.recoveries),
    ...(files && {
      files: {
        records: limited("the file store", files.records),
        objects: limited("Cloud Storage", files.objects),
      },
    }),
    ...(ownerSecrets && { ownerSecrets: limited("the webhook secret store", ownerSecrets) }),
  };
}
