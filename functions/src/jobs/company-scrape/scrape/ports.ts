import type { GuardedGet } from "@baton/engine/egress";
import type { HostTurns } from "../../../web-pages/fetch/host-turns.ts";
import type { EdgarConfig, ReadFacts } from "../filings/edgar.ts";
import type { ProfileCache } from "../profile/profile-cache.ts";
import type { ReadDocument } from "./visit-pages.ts";

/** The ports of a scrape. */
export interface ScrapePorts {
  get: GuardedGet;
  turns: HostTurns;
  profiles: ProfileCache;
  userAgent: string;
  edgar: EdgarConfig;
  now(): Date;
  /** Deadline of one request in milliseconds. */
  requestMs: number;
  /** Milliseconds of one stage, after which it visits no further page. */
  stageMs: number;
}

/** The reading functions, which run in a process of their own. */
export interface Readers {
  readDocument: ReadDocument;
  readFacts: ReadFacts;
}
