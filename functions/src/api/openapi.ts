import {
  JobError,
  JobList,
  JobResultView,
  JobTypeList,
  JobView,
  JsonValue,
  Problem,
  type ProblemCode,
  SubmitJobRequest,
} from "@baton/protocol";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import type { ApiEnv } from "./api-ports.ts";

/** For operations that need a Firebase ID token. */
export const SECURITY = [{ idToken: [] }];

/** A JSON answer of an operation. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A problem answer of an operation, with the codes it may carry. */
export function problem(...codes: ProblemCode[]) {
  return {
    description: codes.map((code) => `\`${code}\``).join(", "),
    content: { "application/problem+json": { schema: Problem } },
  };
}

/** A JSON body, by the name of its schema: the document refers to it, and the route parses it from the raw bytes itself. */
export function requestBody(name: "SubmitJobRequest") {
  return { required: true, content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } };
}

/** The OpenAPI 3.1 document of every route added to `app`, from the schemas that validate. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Baton",
      version: "1",
      description: "Durable background jobs inside your own Firebase project.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "." }],
  });
}

/** Gives the schemas that operations share their names in the document. Call it before the routes are added. */
export function nameSchemas(app: OpenAPIHono<ApiEnv>): void {
  const registry = app.openAPIRegistry;
  registry.register("JsonValue", JsonValue);
  registry.register("JobError", JobError);
  registry.register("SubmitJobRequest", SubmitJobRequest);
  registry.register("JobView", JobView);
  registry.register("JobList", JobList);
  registry.register("JobResultView", JobResultView);
  registry.register("JobTypeList", JobTypeList);
  registry.register("Problem", Problem);
  registry.registerComponent("securitySchemes", "idToken", { type: "http", scheme: "bearer", bearerFormat: "JWT" });
}
