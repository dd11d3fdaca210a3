import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { JsonValue, ProblemIssue } from "@baton/protocol";
import type { z } from "zod";
import { bodyIssues, summary } from "../kit/issues.ts";
import { type FoundFault, type JsonLimits, measureJson } from "../kit/measure-json.ts";
import { parseJson } from "./parse-json.ts";
import { ProblemError } from "./problems.ts";

/** Largest request body in bytes, after decompression: 1 MiB. */
export const MAX_BODY_BYTES = 1_048_576;

/** Limits of a body; `bench/hostile-bodies.ts` measures the cost of the most expensive bodies within them. */
const BODY_LIMITS: JsonLimits = { depth: 100, containers: 20_000, names: 25_000, values: 200_000 };

const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/**
 * Reads a request's body as JSON: `application/json` in UTF-8, plain or compressed with gzip, deflate or br.
 * Throws a `ProblemError` that says what is wrong with it.
 */
export async function readJson(request: Request): Promise<JsonValue> {
  checkContentType(request.headers.get("content-type"));
  return jsonIn(await bytesOf(request), request.headers.get("content-encoding"));
}

/** The same, for a body that may be left out: an empty object then. */
export async function readOptionalJson(request: Request): Promise<JsonValue> {
  if (request.body === null) return {};
  const bytes = await bytesOf(request);
  if (bytes.byteLength === 0) return {};
  checkContentType(request.headers.get("content-type"));
  return jsonIn(bytes, request.headers.get("content-encoding"));
}

async function bytesOf(request: Request): Promise<Buffer> {
  try {
    return Buffer.from(await request.arrayBuffer());
  } catch {
    // The client went away while sending.
    throw new ProblemError({ code: "invalid-request", detail: "The body broke off. Send the request again." });
  }
}

async function jsonIn(sent: Buffer, contentEncoding: string | null): Promise<JsonValue> {
  const bytes = await decode(sent, contentEncoding);
  if (bytes.byteLength > MAX_BODY_BYTES) throw tooLarge();
  if (!isUtf8(bytes)) throw invalidJson("The body is not UTF-8. Encode it as UTF-8.");
  // RFC 8259, 8.1: a byte order mark may be ignored.
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (text.trim() === "") throw invalidJson("The body is empty. Send a JSON object.");
  const value = parse(text);
  const fault = measureJson(value, BODY_LIMITS);
  if (fault) throw refusedBody(fault);
  return value;
}

/** The body as the schema reads it; throws a `ProblemError` that names every place that does not fit. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: JsonValue): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = bodyIssues(parsed.error.issues);
  throw new ProblemError({ code: "invalid-request", detail: summary(errors), errors });
}

function checkContentType(contentType: string | null): void {
  const [mediaType = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("charset="));
  const isUtf8Declared = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (mediaType.trim() === "application/json" && isUtf8Declared) return;
  const detail = "Send the body as JSON in UTF-8, with the header content-type: application/json.";
  throw new ProblemError({ code: "unsupported-media-type", detail, headers: { accept: "application/json" } });
}

async function decode(bytes: Buffer, contentEncoding: string | null): Promise<Buffer> {
  const coding = (contentEncoding ?? "identity").trim().toLowerCase();
  if (coding === "identity" || bytes.byteLength > MAX_BODY_BYTES) return bytes;
  if (!isCoding(coding)) {
    const detail = "Send the body plain, or compressed with gzip, deflate or br.";
    throw new ProblemError({
      code: "unsupported-media-type",
      detail,
      headers: { "accept-encoding": "gzip, deflate, br" },
    });
  }
  try {
    return await DECODERS[coding](bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    // Node stops inflating at the limit: a small body that unpacks to gigabytes costs one mebibyte.
    if (error instanceof RangeError) throw tooLarge();
    throw new ProblemError({ code: "invalid-request", detail: `The body is not valid ${coding}. Compress it again.` });
  }
}

function isCoding(coding: string): coding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, coding);
}

function parse(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? ` (${visible(error.message)})` : "";
    throw invalidJson(`The body could not be read as JSON${reason}. Correct it and send it again.`);
  }
}

/** Shows invisible characters, such as a byte order mark in the middle, by their numbers. */
function visible(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

function invalidJson(detail: string, errors?: ProblemIssue[]): ProblemError {
  return new ProblemError({ code: "invalid-json", detail, ...(errors && { errors }) });
}

function refusedBody({ kind, pointer }: FoundFault): ProblemError {
  const { depth, containers, names, values } = BODY_LIMITS;
  switch (kind) {
    case "depth": {
      const message = `nests deeper than ${depth} levels`;
      return invalidJson(`The body ${message}. Send it flatter.`, [{ pointer, message }]);
    }
    case "containers":
      return tooMany(containers, "objects and arrays");
    case "names":
      return tooMany(names, "names in objects");
    case "values":
      return tooMany(values, "values");
    case "proto": {
      const detail = "The body has a field named __proto__, which cannot be kept. Give it another name.";
      const errors = [{ pointer, message: "has the name __proto__, which cannot be kept" }];
      return new ProblemError({ code: "invalid-request", detail, errors });
    }
  }
}

function tooMany(limit: number, what: string): ProblemError {
  const detail = `The body has more than ${limit.toLocaleString("en")} ${what}. Send fewer in one job, or send them as one text.`;
  return new ProblemError({ code: "body-too-large", detail });
}

function tooLarge(): ProblemError {
  const detail = "The body is over 1 MiB (1,048,576 bytes). Send less in one job, or split it into several.";
  return new ProblemError({ code: "body-too-large", detail });
}
