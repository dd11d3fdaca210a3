import { RetryableError } from "@baton/engine";
import { z } from "zod";
import type { Financial } from "../schemas.ts";
import { type CompanyNames, type Filer, matchFiler } from "./match-company.ts";

/** Where EDGAR is, and who asks. */
export interface EdgarConfig {
  filesBaseUrl: string;
  dataBaseUrl: string;
  userAgent: string;
}

/** Reads the facts of a company in a process of its own: those of a large one are 10 MB of JSON. */
export type ReadFacts = (text: string, cik: string, source: string) => Promise<Financial | undefined>;

const Filers = z.record(z.string(), z.object({ cik_str: z.int(), ticker: z.string(), title: z.string() }));

/** Facts of the largest filers have some 15 MB. */
const MAX_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 30_000;
/** The list changes with each new filer; half a day is new enough. */
const LIST_MS = 12 * 3_600_000;

let list: { baseUrl: string; filers: readonly Filer[]; readAt: number } | undefined;

/**
 * Reads the figures of a company from SEC EDGAR; undefined for one that does not file there. Throws a `RetryableError`
 * `edgar-unavailable`.
 */
export async function readFinancial(
  config: EdgarConfig,
  names: CompanyNames,
  readFacts: ReadFacts,
  signal: AbortSignal,
): Promise<Financial | undefined> {
  const filer = matchFiler(await filersOf(config, signal), names);
  if (!filer) return undefined;
  const cik = String(filer.cik).padStart(10, "0");
  const url = `${config.dataBaseUrl}/companyfacts/CIK${cik}.json`;
  const text = await get(config, url, signal);
  // A filer of funds only has no facts.
  return text === undefined ? undefined : readFacts(text, cik, url);
}

async function filersOf(config: EdgarConfig, signal: AbortSignal): Promise<readonly Filer[]> {
  const isNew = list?.baseUrl === config.filesBaseUrl && Date.now() - list.readAt < LIST_MS;
  if (list && isNew) return list.filers;
  const text = await get(config, `${config.filesBaseUrl}/company_tickers.json`, signal);
  const parsed = Filers.safeParse(text === undefined ? undefined : parseJson(text));
  if (!parsed.success) throw unavailable("the list of companies could not be read", parsed.error);
  const filers = Object.values(parsed.data).map(({ cik_str: cik, ticker, title }) => ({ cik, ticker, title }));
  list = { baseUrl: config.filesBaseUrl, filers, readAt: Date.now() };
  return filers;
}

/** Answers undefined for 404. */
async function get({ userAgent }: EdgarConfig, url: string, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { headers: { "user-agent": userAgent }, signal: limit, redirect: "error" });
    if (response.status === 404) return undefined;
    if (!response.ok) throw unavailable(`status ${response.status}`);
    return await textWithin(response);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RetryableError ? error : unavailable("no answer", error);
  }
}

async function textWithin(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let left = MAX_BYTES;
  for await (const chunk of response.body ?? []) {
    left -= chunk.length;
    if (left < 0) throw unavailable("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of HTML: EDGAR's way to refuse a robot.
    return undefined;
  }
}

function unavailable(detail: string, cause?: unknown): RetryableError {
  return new RetryableError("edgar-unavailable", `SEC EDGAR is not available (${detail}).`, { cause });
}
