import {
  ChangeEndpointRequest,
  CreatedEndpoint,
  CreateEndpointRequest,
  DeliveryDetails,
  DeliveryList,
  DeliveryView,
  EndpointList,
  EndpointView,
  ErasureView,
  FileAddress,
  FileList,
  FileView,
  Health,
  JobList,
  JobResultView,
  JobTypeList,
  JobView,
  JsonValue,
  Problem,
  type ProblemCode,
  RecoverEndpointRequest,
  RecoveryList,
  RecoveryView,
  RotatedEndpoint,
  RotatedWebhookSecret,
  RotateSecretRequest,
  SubmitJobRequest,
  UploadRequest,
  UploadView,
  UsageView,
  WebhookSecret,
} from "@baton/protocol";
import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "./api-env.ts";

/** For operations that need a Firebase ID token. */
export const SECURITY = [{ idToken: [] }];

const Job = named(JobView, "JobView");
const Endpoint = named(EndpointView, "EndpointView");
const Delivery = named(DeliveryView, "DeliveryView");
const Recovery = named(RecoveryView, "RecoveryView");

/** The answers of operations, each under its name in the document. */
export const ANSWERS = {
  Job,
  JobList: named(JobList.extend({ jobs: z.array(Job) }), "JobList"),
  JobResult: named(JobResultView, "JobResultView"),
  JobTypeList: named(JobTypeList, "JobTypeList"),
  Endpoint,
  EndpointList: named(EndpointList.extend({ endpoints: z.array(Endpoint) }), "EndpointList"),
  CreatedEndpoint: named(CreatedEndpoint, "CreatedEndpoint"),
  RotatedEndpoint: named(RotatedEndpoint, "RotatedEndpoint"),
  Delivery,
  DeliveryDetails: named(DeliveryDetails, "DeliveryDetails"),
  DeliveryList: named(DeliveryList.extend({ deliveries: z.array(Delivery) }), "DeliveryList"),
  Recovery,
  RecoveryList: named(RecoveryList.extend({ recoveries: z.array(Recovery) }), "RecoveryList"),
  WebhookSecret: named(WebhookSecret, "WebhookSecret"),
  RotatedWebhookSecret: named(RotatedWebhookSecret, "RotatedWebhookSecret"),
  FileAddress: named(FileAddress, "FileAddress"),
  FileList: named(FileList.extend({ files: z.array(named(FileView, "FileView")) }), "FileList"),
  Upload: named(UploadView, "UploadView"),
  Usage: named(UsageView, "UsageView"),
  Erasure: named(ErasureView, "ErasureView"),
  Health: named(Health, "Health"),
};

const NamedProblem = named(Problem, "Problem");

/**
 * The schema under a name of its own. Taken from the prototype, because schemas made before the OpenAPI library extended
 * zod lack the method, and in a bundle of several chunks the order in which modules run is not that of the imports.
 */
function named<Schema extends z.ZodType>(schema: Schema, name: string): Schema {
  return z.ZodType.prototype.openapi.call(schema, name);
}

/** A JSON answer of an operation. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A problem answer of an operation, with the codes it may carry. */
export function problem(...codes: ProblemCode[]) {
  const description = codes.map((code) => `\`${code}\``).join(", ");
  return { description, content: { "application/problem+json": { schema: NamedProblem } } };
}

const REQUESTS = {
  SubmitJobRequest,
  UploadRequest,
  CreateEndpointRequest,
  ChangeEndpointRequest,
  RotateSecretRequest,
  RecoverEndpointRequest,
};

/** A JSON body, by the name of its schema: the document refers to it, and the route parses it from the raw bytes itself. */
export function requestBody(name: keyof typeof REQUESTS) {
  return { required: true, content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } };
}

/** Request headers of a submission; the route reads them itself. */
export const SUBMIT_HEADERS = [
  {
    name: "Idempotency-Key",
    in: "header" as const,
    description:
      "Makes repeating this request harmless: the same key and the same body give the same job, for as long as it is kept. " +
      "The same key with another body is refused.",
    schema: { type: "string" as const, minLength: 1, maxLength: 255, pattern: "^[\\x20-\\x7e]+$" },
  },
  {
    name: "traceparent",
    in: "header" as const,
    description: "W3C trace context, handed on to the worker.",
    schema: { type: "string" as const },
  },
];

/** Headers of an answer, each with what it says. */
export function headers(described: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(described).map(([name, description]) => [
      name,
      { description, schema: { type: "string" as const } },
    ]),
  );
}

/** Where the caller stands with the quotas: draft-ietf-httpapi-ratelimit-headers. */
export const RATE_LIMIT_HEADERS = {
  "RateLimit-Policy": 'The quotas, e.g. `"minute";q=60;w=60, "day";q=1000;w=86400`.',
  RateLimit:
    'What is left of each (`r`), and for how many seconds (`t`), e.g. `"minute";r=59;t=42, "day";r=999;t=43200`.',
};

/** The answers of every operation to a caller who asks too often. */
export const TOO_MANY_REQUESTS = {
  ...problem("too-many-requests"),
  headers: headers({ "Retry-After": "Seconds until one more is granted." }),
};

/** The answers of an operation with a quota of its own to a caller who asks too often. */
export const TOO_MANY = {
  ...TOO_MANY_REQUESTS,
  ...problem("quota-exceeded", "too-many-requests"),
};

/** Refusals of every operation below `/v1`. Spread first: an operation with further codes names the status again. */
export const REFUSALS = {
  401: problem("unauthenticated", "token-expired"),
  403: problem("access-denied"),
  429: TOO_MANY_REQUESTS,
  503: problem("unavailable"),
};

/** The same of an operation that has a quota of its own. */
export const QUOTA_REFUSALS = { ...REFUSALS, 429: TOO_MANY };

/** Refusals of an operation that takes a JSON body. */
export const BODY_REFUSALS = {
  400: problem("invalid-json", "invalid-request"),
  413: problem("body-too-large"),
  415: problem("unsupported-media-type"),
};

/** The OpenAPI 3.1 document of every route added to `app`, from the schemas that validate. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Baton",
      version: "1",
      description:
        "Durable background jobs inside your own Firebase project. A body has at most 1 MiB, 100 levels, 20,000 objects and arrays, " +
        "25,000 names in objects, and 200,000 values.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "." }],
  });
}

/** Adds the schemas and the security scheme that no route registers. */
export function addComponents(app: OpenAPIHono<ApiEnv>): void {
  app.openAPIRegistry.register("JsonValue", named(JsonValue, "JsonValue"));
  for (const [name, schema] of Object.entries(REQUESTS)) app.openAPIRegistry.register(name, named(schema, name));
  const idToken = { type: "http" as const, scheme: "bearer", bearerFormat: "JWT" };
  app.openAPIRegistry.registerComponent("securitySchemes", "idToken", idToken);
}
